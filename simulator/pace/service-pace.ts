// How long the simulated services take: at once, or as long as recorded.
import type { GroupTimings } from "../containers/deployment-outcome.ts";
import { seededRandom } from "../http/seeded-random.ts";
import { publicStarts, type Quantiles, requestTimes, settling, startsInNetwork } from "./recorded-times.ts";

/** `recorded`: drawn from what was recorded; `median`: the same middle value each time. */
type PaceName = "recorded" | "median";

export type RequestKind = Exclude<keyof typeof requestTimes, "putInNetwork" | "putPublic"> | "put";

/** What of a group's life the recordings tell. */
type RecordedTimings = Pick<GroupTimings, "pendingMs" | "pullMs" | "startMs" | "settleMs" | "deleteMs">;

/** The service's own times, as far as they were recorded. The same seed gives the same times in the same order. */
export class Pace {
  readonly seed: number;
  /** One sentence for whoever waits. */
  readonly description: string;
  /** One for groups, one for answers: what a client asks beside shall not change what its groups take. */
  #groups: () => number;
  #answers: () => number;
  readonly #name: PaceName;
  /** Milliseconds that a second of the service's time takes. */
  readonly #second: number;

  /** @param shorter all times are divided by this */
  constructor(name: PaceName, seed = 1, shorter = 1) {
    this.seed = seed;
    const which = name === "median" ? "the median of the recorded times" : `recorded times, drawn with seed ${seed}`;
    this.description = `Container groups take ${which}.`;
    this.#second = 1000 / shorter;
    this.#name = name;
    [this.#groups, this.#answers] = this.#streams(seed);
  }

  #streams(seed: number): readonly [() => number, () => number] {
    const one = (from: number) => (this.#name === "median" ? () => 0.5 : seededRandom(from));
    return [one(seed), one(seed + 1)];
  }

  /** Draws from now on what a pace of this seed draws from its beginning. */
  startAgain(seed: number): void {
    [this.#groups, this.#answers] = this.#streams(seed);
  }

  /** @returns milliseconds for one group */
  timings(inNetwork: boolean): RecordedTimings {
    const points = inNetwork ? startsInNetwork : publicStarts;
    const [pulling, pulled, started] = points[Math.floor(this.#groups() * points.length)] ?? [0, 0, 0];
    const [least, most] = settling;
    return {
      pendingMs: pulling * this.#second,
      pullMs: (pulled - pulling) * this.#second,
      startMs: (started - pulled) * this.#second,
      settleMs: (least + this.#groups() * (most - least)) * this.#second,
      deleteMs: this.#draw(requestTimes.delete, this.#groups()),
    };
  }

  /** @returns milliseconds until a request is answered */
  request(kind: RequestKind, inNetwork = false): number {
    if (kind !== "put") return this.#draw(requestTimes[kind], this.#answers());
    return this.#draw(inNetwork ? requestTimes.putInNetwork : requestTimes.putPublic, this.#answers());
  }

  /** Between the known quantiles all values are as likely. */
  #draw([min, p50, p90, max]: Quantiles, at: number): number {
    const between = (from: number, to: number, share: number): number => from + (to - from) * share;
    if (at <= 0.5) return between(min, p50, at / 0.5) * this.#second;
    return (at <= 0.9 ? between(p50, p90, (at - 0.5) / 0.4) : between(p90, max, (at - 0.9) / 0.1)) * this.#second;
  }
}

/** What a command line's help says of them. */
export const paceHelp = `  --pace recorded      container groups take the times that were recorded at the service, drawn anew for each group
  --pace median        they take the same middle value each time
  --seed N             with --pace: draws other times; the same N draws the same ones. 1 when left out`;

/** Options of a command line that choose a pace. */
export const paceOptions = { pace: { type: "string" }, seed: { type: "string" } } as const;

/**
 * @returns the pace that such options choose, if they choose one
 * @throws when they are not good
 */
export function chosenPace({ pace, seed }: { readonly pace?: string; readonly seed?: string }): Pace | undefined {
  const number = Number(seed ?? "1");
  if (!Number.isSafeInteger(number)) throw new Error(`--seed is '${seed}'; allowed: a whole number`);
  if (pace === undefined && seed !== undefined) throw new Error("--seed takes --pace");
  if (pace === undefined) return undefined;
  if (pace !== "recorded" && pace !== "median") throw new Error(`--pace is '${pace}'; allowed: recorded, median`);
  return new Pace(pace, number);
}
