// The matrix: every request that a story sends, with every answer, as often as makes sense. All of it, or a sample.
import type { AnswerName } from "../../../simulator/http/network-failures.ts";
import { seeded } from "../../in-memory/virtual-clock.ts";
import { stepIn } from "../harness/in-simulator.ts";
import { runTask } from "../harness/run-task.ts";
import { type AnswerCell, type Cell, speed } from "./cell.ts";
import { type Lane, openLane } from "./lane.ts";
import { type StoryName, sent } from "./requests.ts";
import { Stage } from "./stage.ts";
import { stories } from "./stories.ts";
import { type HowOften, strikes } from "./strikes.ts";
import { codesOf, verdict } from "./verdict.ts";
import { type World, type WorldName, worlds } from "./worlds.ts";

export interface Result {
  readonly cell: Cell;
  /** What is wrong; nothing when the cell is green. */
  readonly wrong: readonly string[];
  readonly hits: number;
  readonly result: string;
  readonly codes: readonly string[];
  /** Whether the post-job step left something, which a later sweep then took. */
  readonly leftToSweep: boolean;
  readonly seconds: number;
  readonly log: string;
}

/** Every request of every story with every answer. */
const pairs = Object.entries(sent).flatMap(([story, names]) =>
  names.flatMap((request) =>
    Object.keys(strikes).map((answer) => ({ story: story as StoryName, request, answer: answer as AnswerName })),
  ),
);

const everyWorld: readonly Cell[] = Object.keys(sent).flatMap((story) =>
  Object.keys(worlds).map((world) => ({ story: story as StoryName, world: world as WorldName })),
);

const oftenOf = ({ answer }: Pick<AnswerCell, "answer">): readonly HowOften[] => strikes[answer].howOften;

/** Every pair, as often as its answer may come. */
export const everyCell: readonly Cell[] = [
  ...everyWorld,
  ...pairs.flatMap((pair) => oftenOf(pair).map((howOften) => ({ ...pair, howOften }))),
];

/** Every pair once; how often its answer comes changes from one request to the next. */
export const allCells: readonly Cell[] = [
  ...everyWorld,
  ...pairs.flatMap((pair, index) => {
    const may = oftenOf(pair);
    const howOften = may[Math.floor(index / Object.keys(strikes).length) % may.length];
    return howOften === undefined ? [] : [{ ...pair, howOften }];
  }),
];

/** So many cells, drawn from a seed. */
export function sample(cells: readonly Cell[], count: number, seed: number): Cell[] {
  const random = seeded(seed);
  const drawn = cells.map((cell) => ({ cell, lot: random() })).sort((one, other) => one.lot - other.lot);
  return drawn.slice(0, count).map(({ cell }) => cell);
}

/** What is there and is not the neighbor's. */
function left({ simulator, neighbor }: Lane): string[] {
  const { agents, containerGroups } = simulator.leftBehind();
  return [
    ...agents.filter((name) => name !== neighbor.agent).map((name) => `agent ${name}`),
    ...containerGroups.filter((name) => name !== neighbor.agent).map((name) => `container group ${name}`),
  ];
}

/** A later run's sweep on a good network. */
async function sweepUp({ simulator }: Lane): Promise<void> {
  const { run, start } = stepIn(simulator, { action: "sweep" });
  const swept = await runTask(start);
  run.complete(swept.result === "succeeded" ? "succeeded" : "failed");
}

/** Plays one cell and judges it. */
async function play(lane: Lane, cell: Cell): Promise<Result> {
  const began = performance.now();
  const world: World | undefined = "world" in cell ? worlds[cell.world] : undefined;
  const stage = new Stage(lane, cell, world?.environment ?? {});
  const goodAgain = world?.begin(lane.simulator, speed);
  await stage.prepare();
  const told = await stories[cell.story](stage);
  goodAgain?.();
  const played = { ...told, others: stage.others, secrets: stage.secrets };
  const leftToSweep = left(lane).length > 0;
  for (let round = 0; round < 3 && left(lane).length > 0; round++) await sweepUp(lane);
  const wrong = [
    ...verdict(cell, played),
    ...left(lane).map((what) => `left behind: ${what}`),
    ...(lane.neighbor.unharmed() ? [] : ["the neighbor's running job was hit"]),
  ];
  const { struck, hits } = played;
  return {
    cell,
    wrong,
    hits,
    result: struck.result,
    codes: [...new Set([...codesOf(struck, "error"), ...codesOf(struck, "warning")])],
    leftToSweep,
    seconds: (performance.now() - began) / 1000,
    log: [struck.log, ...played.others.map(([what, run]) => `--- ${what}\n${run.log}`)].join("\n"),
  };
}

/**
 * Plays cells in lanes side by side.
 * @param onResult told of each as it ends
 */
export async function playAll(
  cells: readonly Cell[],
  lanes: number,
  seed: number,
  onResult: (result: Result) => void,
): Promise<void> {
  const waiting = [...cells];
  await Promise.all(
    Array.from({ length: Math.min(lanes, cells.length) }, async (_, index) => {
      let lane = await openLane(seed + index);
      try {
        for (let cell = waiting.shift(); cell !== undefined; cell = waiting.shift()) {
          const result = await play(lane, cell);
          onResult(result);
          // A neighbor that was hit, or something that cannot be swept, would be found again in every cell after this.
          if (!lane.neighbor.unharmed() || left(lane).length > 0) {
            await lane.stop();
            lane = await openLane(seed + index);
          }
        }
        const end = await lane.neighbor.end();
        if (end !== "succeeded") throw new Error(`The neighbor's job ended '${end}'.`);
      } finally {
        await lane.stop();
      }
    }),
  );
}
