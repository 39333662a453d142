// One story of the built bundle, told on every node the agent brings, each time in a simulator of its own. However it
// ends, nothing may be left and no request may have been refused that the story did not provoke.
import assert from "node:assert/strict";
import type { PipelineRun, RunOptions } from "../../../simulator/pipeline-runner/run-pipeline.ts";
import { type Simulator, type SimulatorOptions, startSimulator } from "../../../simulator/start-simulator.ts";
import { availableNodes, nodeBinary } from "../harness/node-versions.ts";
import { type Pipeline, pipelineIn } from "./pipeline-run.ts";
import { besideOthers } from "./side-by-side.ts";
import { type Step, type StepPart, stepOf } from "./step.ts";
import { assertNothingElseRefused } from "./task-requests.ts";

export interface Scene {
  readonly simulator: Simulator;
  /** The binary that runs the task. */
  readonly node: string;
  /** The task as a step of a run: its inputs beside the usual ones. */
  step(inputs: Readonly<Record<string, string>>, part?: StepPart): Step;
  /** A run of a pipeline file. */
  pipeline(yaml: string, options?: Partial<RunOptions>): Pipeline;
  /** Announces refusals that this scenario provokes: `403 devops POST /contoso/…`. */
  expectRefusal(...patterns: RegExp[]): void;
}

const majors = [20, 24] as const;
for (const major of majors) {
  if (!availableNodes.includes(major)) console.log(`No binary of node ${major} for this machine: left out below.`);
}

/**
 * After which a scenario counts as hanging, in ms, however busy the machine is: its simulator is stopped then, which ends
 * whatever still runs in it.
 */
const limitMs = 300_000;

async function play(
  body: (scene: Scene) => Promise<void>,
  options: SimulatorOptions,
  nodePath: Promise<string>,
): Promise<void> {
  const node = await nodePath;
  // An agent that is gone is believed to work for ten minutes, however busy the machine is: a test ends its job itself.
  const simulator = await startSimulator({ ...options, organization: { lockMs: 600_000, ...options.organization } });
  const expected: RegExp[] = [];
  const runs: PipelineRun[] = [];
  const steps: Step[] = [];
  let end = (): void => undefined;
  const over = new Promise<void>((resolve) => {
    end = resolve;
  });
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const said = (): string => steps.map(({ lines }) => lines.items.slice(-20).join("\n")).join("\n---\n");
    timer = setTimeout(() => reject(new Error(`not over after ${limitMs / 1000} s:\n${said()}`)), limitMs);
  });
  try {
    const told = body({
      simulator,
      node,
      step(inputs, part) {
        const step = stepOf(simulator, inputs, { node, ...part }, over);
        steps.push(step);
        return step;
      },
      pipeline(yaml, more) {
        const run = pipelineIn(simulator, node, yaml, more);
        runs.push(run);
        return run;
      },
      expectRefusal: (...patterns) => void expected.push(...patterns),
    });
    await Promise.race([told, late]);
    assert.deepEqual(simulator.leftBehind(), { agents: [], containerGroups: [] }, "something was left behind");
    assertNothingElseRefused(simulator, expected);
  } finally {
    clearTimeout(timer);
    end();
    for (const run of runs) run.cancel();
    await simulator.stop();
  }
}

/** @param options of the simulator that the story is told in */
export function scenario(title: string, body: (scene: Scene) => Promise<void>, options: SimulatorOptions = {}): void {
  for (const major of availableNodes) {
    besideOthers(`${title} (node ${major})`, () => play(body, options, nodeBinary(major)));
  }
}

let stories = 0;

/** The same on one node only, on each in turn: for a story that another node would tell no differently. */
export function story(title: string, body: (scene: Scene) => Promise<void>, options: SimulatorOptions = {}): void {
  const major = availableNodes[stories++ % availableNodes.length] ?? 20;
  besideOthers(`${title} (node ${major})`, () => play(body, options, nodeBinary(major)));
}
