// A run of a pipeline file, with what happens in it to wait on.

import type { RunEvent } from "../../../simulator/pipeline-runner/run/run-events.ts";
import { startRunIn } from "../../../simulator/pipeline-runner/run-in-simulator.ts";
import type { PipelineRun, RunOptions } from "../../../simulator/pipeline-runner/run-pipeline.ts";
import type { Simulator } from "../../../simulator/start-simulator.ts";
import { builtTask } from "../harness/in-simulator.ts";
import { Seen } from "./wait-for-lines.ts";

export interface Pipeline extends PipelineRun {
  readonly events: Seen<RunEvent>;
  /** What task steps told of their progress: name of the step, percent, operation. */
  readonly progress: Seen<string>;
  /** The first line of a job's log that matches. */
  line(job: string, pattern: RegExp): Promise<RunEvent>;
  /** When a job has got so far. */
  state(job: string, state: "queued" | "running" | "completed"): Promise<RunEvent>;
}

/** Starts it, with the built task on hosted machines that have that node. */
export function pipelineIn(
  simulator: Simulator,
  node: string,
  yaml: string,
  options: Partial<RunOptions> = {},
): Pipeline {
  const events = new Seen<RunEvent>();
  const run = startRunIn(simulator, {
    yaml,
    taskFolders: { EphemeralAgent: builtTask },
    nodePath: node,
    ...options,
    onEvent: events.push,
  });
  const progress = new Seen<string>();
  run.run.onChange((change) => {
    if (change.kind !== "record") return;
    const { name, percentComplete, currentOperation } = change.record;
    if (currentOperation) progress.push(`${name}: ${percentComplete} ${currentOperation}`);
  });
  return Object.assign(run, {
    events,
    progress,
    line: (job: string, pattern: RegExp) =>
      events.first((event) => event.kind === "line" && event.job === job && pattern.test(event.line)),
    state: (job: string, state: string) =>
      events.first((event) => event.kind === "job" && event.job === job && event.state === state),
  });
}
