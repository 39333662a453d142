// The built task, as an agent starts it: in one step, as the template uses it, and with a standby pool.
import type { Simulator } from "../../simulator/start-simulator.ts";
import { type SimulatedStep, stepIn } from "../../test/task/harness/in-simulator.ts";
import { type FinishedTask, runTask } from "../../test/task/harness/run-task.ts";
import { type MeasuredNode, measuredNode } from "./measured-node.ts";
import type { Way } from "./round.ts";

/**
 * Milliseconds that jobs take in turn: their ends shall not meet a look of the task by chance, or by the bench's doing. Longer
 * than the second after which a script looks again: an agent that came and went within it would be waited for without end.
 */
const jobMs = [1_300, 1_800, 1_500, 2_000, 1_400, 1_900, 1_600, 2_100, 1_700];

let jobs = 0;

/** A script that runs for a while. */
export const nextJob = (): string => `sleep ${(jobMs[jobs++ % jobMs.length] ?? 0) / 1000}`;

interface Step extends SimulatedStep {
  work(): Promise<FinishedTask>;
  /** When the log told that the agent was there. */
  onlineAt(): number;
}

function step(node: MeasuredNode, simulator: Simulator, inputs: Record<string, string>, beside?: SimulatedStep): Step {
  let online: number | undefined;
  const onLine = (line: string): void => {
    // A short job may be over at the first sight of its agent.
    if (/: (online|running |job finished)/.test(line)) online ??= Date.now();
  };
  const part = { onLine, environment: node.environment };
  const made = stepIn(simulator, inputs, beside ? { ...part, run: beside.run } : part);
  return {
    ...made,
    async work() {
      const ended = await runTask(made.start);
      if (ended.result !== "succeeded") throw new Error(`A step failed:\n${ended.log}`);
      return ended;
    },
    onlineAt() {
      if (online === undefined) throw new Error("The log does not tell that the agent came online.");
      return online;
    },
  };
}

/** @param inputs beside the usual ones */
export function runWay(name = "run", inputs: Record<string, string> = {}): Way {
  const node = measuredNode();
  return {
    name,
    close: node.close,
    async serve(simulator, jobEnded) {
      const own = step(node, simulator, { action: "run", ...inputs });
      const working = own.work();
      const { outcome } = own.queueJob(nextJob(), ["EphemeralAgent"]);
      void outcome.then(() => jobEnded(Date.now()));
      await working;
      const endedAt = Date.now();
      own.jobEnded("succeeded");
      return { onlineAt: own.onlineAt(), endedAt, ...node.take() };
    },
  };
}

/** The template's jobs: `create`, then the job and `remove` side by side. */
export function templateWay(name = "template", inputs: Record<string, string> = {}): Way {
  const node = measuredNode();
  return {
    name,
    close: node.close,
    async serve(simulator, jobEnded) {
      const creation = step(node, simulator, { action: "create", ...inputs });
      await creation.work();
      creation.jobEnded("succeeded");
      const { outcome } = creation.queueJob(nextJob(), [`EphemeralAgent.Run -equals ${creation.run.id}`]);
      void outcome.then(() => jobEnded(Date.now()));
      const removal = step(node, simulator, { action: "remove" }, creation);
      await removal.work();
      const endedAt = Date.now();
      removal.jobEnded("succeeded");
      return { onlineAt: creation.onlineAt(), endedAt, ...node.take() };
    },
  };
}

/** The same out of a standby pool, whose container waits before the round begins. */
export function standbyWay(): Way {
  return {
    ...templateWay("template, standby pool", { standbyPool: "agents" }),
    prepare: (simulator) => simulator.standbyPool().ready(1),
  };
}
