// The task as one step of a simulated run, with its log and its neighbors' logs to wait on.
import { randomUUID } from "node:crypto";
import { fileURLToPath } from "node:url";
import type { Simulator } from "../../../simulator/start-simulator.ts";
import { type SimulatedStep, stepIn } from "../harness/in-simulator.ts";
import { type FinishedTask, runTask } from "../harness/run-task.ts";
import type { TaskStart } from "../harness/task-job.ts";
import { Seen } from "./wait-for-lines.ts";

export interface Step extends SimulatedStep {
  /** The step's log as it comes, of all its stages. */
  readonly lines: Seen<string>;
  /** What the run's other jobs print. */
  readonly jobLines: Seen<string>;
  /** Runs the main stage; ended at the latest with the scenario. */
  execute(ending?: Pick<TaskStart, "cancelWhen" | "signals">): Promise<FinishedTask>;
}

/**
 * The environment that loads a file of this folder into a step's process before the task. By `--require`: after an `--import`,
 * Node.js parses the whole bundle once more, which takes as long as the step's own start.
 */
function loading(name: string): Record<string, string> {
  return { NODE_OPTIONS: `--require=${fileURLToPath(new URL(name, import.meta.url))}` };
}

/** On the step's machine five minutes pass at once when its log says this. */
export const jumping = ({ caFile }: Simulator, onceSaid: RegExp): NonNullable<StepPart> => ({
  environment: { NODE_EXTRA_CA_CERTS: caFile, JUMP_ONCE_SAID: onceSaid.source, ...loading("jump-once-said.cjs") },
});

/**
 * The machine's environment of a step. A busy machine answers later; the kill still comes before a request of a step that is
 * not in a hurry would be given up.
 */
const unhurried = { ...loading("unhurried.cjs"), PROCESS_SIGINT_TIMEOUT: "45000" };

export type StepPart = Parameters<typeof stepIn>[2];

/** @param over ends the step's process if nothing has by then */
export function stepOf(
  simulator: Simulator,
  inputs: Readonly<Record<string, string>>,
  part: StepPart,
  over: Promise<unknown>,
): Step {
  const [lines, jobLines] = [new Seen<string>(), new Seen<string>()];
  const environment = { ...unhurried, ...part?.environment };
  const step = stepIn(simulator, inputs, { onLine: lines.push, ...part, environment });
  step.run.onChange((change) => {
    if (change.kind === "lines") for (const one of change.lines) jobLines.push(one);
  });
  return {
    ...step,
    lines,
    jobLines,
    async execute({ signals = [], ...ending } = {}) {
      const last = { signal: "SIGKILL" as const, when: over };
      const main = await runTask({ ...step.start, ...ending, signals: [...signals, last] });
      lines.over(() => `The step ended without the line that was waited for:\n${main.log}`);
      return main;
    },
  };
}

/** A job of the run that may come: without one a step ends by itself, sooner or later than a cancel or a signal comes. */
export function mayCome({ run }: Step): void {
  const state = "inProgress";
  run.record({ id: randomUUID(), parentId: null, type: "Phase", name: "deploy", identifier: "deploy", state });
}
