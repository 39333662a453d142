// The task as one step of a simulated run, with its log and its neighbours' logs to wait on.
import type { Simulator } from "../../../simulator/simulator.ts";
import { type SimulatedStep, stepIn } from "../harness/in-simulator.ts";
import { type FinishedTask, runTask, type TaskStart } from "../harness/run-task.ts";
import { Seen } from "./seen.ts";

export interface Step extends SimulatedStep {
  /** The step's log as it comes, of all its stages. */
  readonly lines: Seen<string>;
  /** What the run's other jobs print. */
  readonly jobLines: Seen<string>;
  /** Runs the main stage; ended at the latest with the scenario. */
  execute(ending?: Pick<TaskStart, "cancelWhen" | "signals">): Promise<FinishedTask>;
}

export type StepPart = Parameters<typeof stepIn>[2];

/** @param over ends the step's process if nothing has by then */
export function stepOf(
  simulator: Simulator,
  inputs: Readonly<Record<string, string>>,
  part: StepPart,
  over: Promise<unknown>,
): Step {
  const [lines, jobLines] = [new Seen<string>(), new Seen<string>()];
  const step = stepIn(simulator, inputs, { onLine: lines.push, ...part });
  step.run.onChange((change) => {
    if (change.kind === "lines") for (const one of change.lines) jobLines.push(one);
  });
  return {
    ...step,
    lines,
    jobLines,
    execute({ signals = [], ...ending } = {}) {
      const last = { signal: "SIGKILL" as const, when: over };
      return runTask({ ...step.start, ...ending, signals: [...signals, last] });
    },
  };
}
