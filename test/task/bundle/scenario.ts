// One story of the built bundle, told on every node the agent brings, each time in a simulator of its own. However it
// ends, nothing may be left and no request may have been refused that the story did not provoke.
import assert from "node:assert/strict";
import type { QueuedJob } from "../../../simulator/devops/job-queue.ts";
import { startRunIn } from "../../../simulator/runner/in-simulator.ts";
import type { PipelineRun, RunOptions } from "../../../simulator/runner/run.ts";
import type { RunEvent } from "../../../simulator/runner/run-log.ts";
import { type Simulator, type SimulatorOptions, startSimulator } from "../../../simulator/simulator.ts";
import { builtTask, type SimulatedStep, stepIn } from "../harness/in-simulator.ts";
import { availableNodes, nodeBinary } from "../harness/node-versions.ts";
import type { TaskStart } from "../harness/run-task.ts";
import { assertNothingElseRefused } from "./requests.ts";
import { Seen } from "./seen.ts";
import { besideOthers } from "./side-by-side.ts";

export interface Step extends SimulatedStep {
  /** The step's log as it comes, of all its stages. */
  readonly lines: Seen<string>;
  /** What the run's other jobs print. */
  readonly jobLines: Seen<string>;
}

export interface Pipeline extends PipelineRun {
  readonly events: Seen<RunEvent>;
  /** What task steps told of their progress: name of the step, percent, operation. */
  readonly progress: Seen<string>;
  /** The first line of a job's log that matches. */
  line(job: string, pattern: RegExp): Promise<RunEvent>;
  /** When a job has got so far. */
  state(job: string, state: "queued" | "running" | "completed"): Promise<RunEvent>;
}

export interface Scene {
  readonly simulator: Simulator;
  /** The binary that runs the task. */
  readonly node: string;
  /** The task as a step of a run, to be run by `runTask`: its inputs beside the usual ones. */
  step(inputs: Readonly<Record<string, string>>, part?: Parameters<typeof stepIn>[2]): Step;
  /** A run of a pipeline file. */
  pipeline(yaml: string, options?: Partial<RunOptions>): Pipeline;
  /** Announces refusals that this scenario provokes: `403 devops POST /contoso/…`. */
  expectRefusal(...patterns: RegExp[]): void;
}

const majors = [20, 24] as const;
for (const major of majors) {
  if (!availableNodes.includes(major)) console.log(`No binary of node ${major} for this machine: left out below.`);
}

/** After which a scenario has failed, in ms: its simulator is stopped then, which ends whatever still runs in it. */
const limitMs = 90_000;

function pipelineIn(simulator: Simulator, node: string, yaml: string, options: Partial<RunOptions> = {}): Pipeline {
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

async function play(
  body: (scene: Scene) => Promise<void>,
  options: SimulatorOptions,
  nodePath: Promise<string>,
): Promise<void> {
  const node = await nodePath;
  const simulator = await startSimulator(options);
  const expected: RegExp[] = [];
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not over after ${limitMs / 1000} s`)), limitMs);
  });
  try {
    const told = body({
      simulator,
      node,
      step(inputs, part = {}) {
        const [lines, jobLines] = [new Seen<string>(), new Seen<string>()];
        const step = stepIn(simulator, inputs, { node, onLine: lines.push, ...part });
        step.run.onChange((change) => {
          if (change.kind === "lines") for (const one of change.lines) jobLines.push(one);
        });
        return { ...step, lines, jobLines };
      },
      pipeline: (yaml, more) => pipelineIn(simulator, node, yaml, more),
      expectRefusal: (...patterns) => void expected.push(...patterns),
    });
    await Promise.race([told, late]);
    assert.deepEqual(simulator.leftBehind(), { agents: [], containerGroups: [] }, "something was left behind");
    assertNothingElseRefused(simulator, expected);
  } finally {
    clearTimeout(timer);
    await simulator.stop();
  }
}

/** @param options of the simulator that the story is told in */
export function scenario(title: string, body: (scene: Scene) => Promise<void>, options: SimulatorOptions = {}): void {
  for (const major of availableNodes) {
    besideOthers(`${title} (node ${major})`, () => play(body, options, nodeBinary(major)));
  }
}

export type { QueuedJob, TaskStart };
