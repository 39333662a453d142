// What is wrong with a whole world instead of with one request: reads that lag, and a clock that is set.

import { addLag } from "../../../simulator/http/delayed-reads.ts";
import type { Simulator } from "../../../simulator/start-simulator.ts";

export interface World {
  /** Begins before the first step. @returns ends it */
  begin(simulator: Simulator, speed: number): () => void;
  /** What the struck step's machine has in its environment. */
  readonly environment?: Readonly<Record<string, string>>;
}

const nothing = (): void => undefined;

const hours = (count: number): World => ({
  begin: () => nothing,
  environment: { CLOCK_JUMP_MS: String(count * 3_600_000), CLOCK_JUMP_AFTER_MS: "700" },
});

export const worlds = {
  "lists are five seconds behind": {
    begin: ({ faults }, speed) => addLag(faults, { listsMs: 5_000 / speed, recordsMs: 0 }),
  },
  "what was made is not seen for ten seconds": {
    begin: ({ faults }, speed) => addLag(faults, { listsMs: 10_000 / speed, recordsMs: 10_000 / speed }),
  },
  "the clock jumps eight hours ahead": hours(8),
  "the clock is set back eight hours": hours(-8),
} as const satisfies Readonly<Record<string, World>>;

export type WorldName = keyof typeof worlds;
