// What an impolite world adds to a schedule: answers that are none, errors that nobody expects, a date that jumps, and the
// pool's maintenance.
import { seeded } from "../../in-memory/virtual-clock.ts";

const rudeKinds = [
  /** A page comes in place of the answer; nothing was done. */
  "page",
  /** It is done, and a page comes in place of the answer. */
  "done, then a page",
  /** The sign-in page: the token was not taken. */
  "sign-in page",
  /** The proxy lets it not through. */
  "proxy",
  /** An error that is no fault of a service, before anything was done. */
  "unexpected",
  /** The same after it was done. */
  "done, then unexpected",
] as const;
export type RudeKind = (typeof rudeKinds)[number];

export interface Impoliteness {
  /** Each strikes the nth request of one step of one run. */
  readonly faults: readonly {
    readonly run: number;
    readonly step: number;
    readonly request: number;
    readonly kind: RudeKind;
  }[];
  /** What one step takes for the date jumps, so many milliseconds after the step began. */
  readonly jumps: readonly {
    readonly run: number;
    readonly step: number;
    readonly afterMs: number;
    readonly byMs: number;
  }[];
  /** Maintenance comes to any agent; its owner has the id of one of the runs. */
  readonly maintenance: readonly { readonly atMs: number; readonly lastsMs: number; readonly run: number }[];
  /** Milliseconds that a quick container takes. */
  readonly bootMs: number;
}

const hour = 3_600_000;

/**
 * Drawn from numbers of its own, so that what a seed stands for otherwise stays the same.
 * @param runs how many runs the schedule has
 */
export function drawnImpoliteness(seed: number, runs: number): Impoliteness | undefined {
  const random = seeded(seed ^ 0x10de);
  const below = (limit: number) => Math.floor(random() * limit);
  const chance = (probability: number) => random() < probability;
  const list = <T>(count: number, make: () => T): T[] => Array.from({ length: count }, make);
  if (chance(0.5)) return undefined;
  const step = () => (chance(0.6) ? 0 : 1);
  return {
    faults: list(below(4), () => ({
      run: below(runs),
      step: step(),
      request: below(chance(0.6) ? 15 : 60),
      kind: rudeKinds[below(rudeKinds.length)] ?? "page",
    })),
    jumps: chance(0.3)
      ? list(1 + below(2), () => ({
          run: below(runs),
          step: step(),
          afterMs: chance(0.3) ? 0 : below(60_000),
          byMs: Math.round((random() * 6 - 3) * hour),
        }))
      : [],
    maintenance: chance(0.3)
      ? list(1 + below(2), () => ({ atMs: below(90_000), lastsMs: 3_000 + below(60_000), run: below(runs) }))
      : [],
    bootMs: chance(0.5) ? 8_000 : 300 + below(8_000),
  };
}

/** Every impoliteness that has one thing less. */
export function* milder(one: Impoliteness): Generator<Impoliteness> {
  for (const what of ["faults", "jumps", "maintenance"] as const) {
    for (const index of one[what].keys()) yield { ...one, [what]: one[what].filter((_, at) => at !== index) };
  }
  if (one.bootMs !== 8_000) yield { ...one, bootMs: 8_000 };
}
