// Under what all ways are measured, round by round and one after another: side by side they would measure each other.
import { Pace } from "../../simulator/pace/service-pace.ts";
import { type Simulator, startSimulator } from "../../simulator/start-simulator.ts";
import { quantile } from "../../test/bench/numbers.ts";
import { measure, type Round, type Way } from "./round.ts";

export interface Condition {
  readonly name: string;
  /** Milliseconds that each request takes on its way, as from a hosted agent. */
  readonly delayMs?: number;
  /** The recorded times of Azure, divided by this. */
  readonly paceShorter?: number;
}

export const columns = ["put", "online", "ending", "gone", "cpu", "requests"] as const;

/** One row of the table: what one way took in the middle of all rounds. */
interface WayResult {
  readonly way: string;
  readonly median: Readonly<Record<(typeof columns)[number], number>>;
  /** MB; undefined when nobody counted it. */
  readonly memory?: number;
}

export interface ConditionResult {
  readonly condition: string;
  readonly rounds: number;
  readonly ways: readonly WayResult[];
}

async function simulatorOf({ delayMs }: Condition, pace: Pace | undefined): Promise<Simulator> {
  const simulator = await startSimulator({ engine: "process", ...(pace ? { azure: { pace } } : {}) });
  simulator.organization.addPlaceholder(simulator.ready.pool);
  if (delayMs !== undefined) simulator.faults.add({ effect: { delayMs } });
  return simulator;
}

function resultOf(way: string, rounds: readonly Round[]): WayResult {
  const median = Object.fromEntries(
    columns.map((column) => [
      column,
      Math.round(
        quantile(
          rounds.map((round) => round[column]),
          0.5,
        ),
      ),
    ]),
  ) as WayResult["median"];
  const memories = rounds.flatMap(({ memory }) => (memory === undefined ? [] : [memory]));
  return { way, median, ...(memories.length > 0 ? { memory: Math.round(quantile(memories, 0.5)) } : {}) };
}

/**
 * Each way in turn, so often; a first turn is not counted, for what is read from disk once is nobody's to answer for.
 * @param onRound told how far it is
 */
export async function compare(
  condition: Condition,
  ways: readonly Way[],
  rounds: number,
  onRound: (text: string) => void,
): Promise<ConditionResult> {
  const { paceShorter } = condition;
  const pace = paceShorter === undefined ? undefined : new Pace("recorded", 1, paceShorter);
  const simulator = await simulatorOf(condition, pace);
  try {
    const all = new Map<Way, Round[]>(ways.map((way) => [way, []]));
    for (let round = pace === undefined ? 0 : 1; round <= rounds; round++) {
      for (const way of ways) {
        // The same start for every way of a round, except a standby container, which has started already.
        const taken = await measure(simulator, way, () => pace?.startAgain(round));
        onRound(`${condition.name}, round ${round} of ${rounds}, ${way.name}: ${Math.round(taken.gone)} ms`);
        if (round > 0) all.get(way)?.push(taken);
      }
    }
    const results = [...all].map(([{ name }, taken]) => resultOf(name, taken));
    return { condition: condition.name, rounds, ways: results };
  } finally {
    await simulator.stop();
  }
}
