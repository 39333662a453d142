// A schedule is everything that will happen, drawn from one seed before anything does: it can be printed, replayed and
// made shorter.
import { seeded } from "../../in-memory/virtual-clock.ts";
import type { Fate, Reading } from "../../in-memory/world-state.ts";
import { drawnImpoliteness, type Impoliteness, milder, type RudeKind } from "./hostile-events.ts";

const shapes = ["parallel", "sequential", "watched"] as const;
type Shape = (typeof shapes)[number];

const faultKinds = [
  /** A 5xx before anything was done. */
  "fails",
  /** 429 with Retry-After. */
  "throttled",
  /** The connection breaks; nothing was done. */
  "cut",
  /** It is done, and the connection breaks before the answer. */
  "answer lost",
  /** It is never done and never answered. */
  "hangs",
  /** It is done late, long after the caller gave up. */
  "done late",
  /** 403: it will never work. */
  "refused",
  /** It is done, and the task's process dies at that moment. */
  "dies after",
  /** The task's process dies before the request leaves it. */
  "dies before",
] as const;
export type FaultKind = (typeof faultKinds)[number] | RudeKind;

const fates: readonly Fate[] = [
  "works",
  "crashes",
  "never comes online",
  "cannot be placed",
  "image cannot be pulled",
  "dies under the job",
  "dies while idle",
  "restarts before its job",
  "updates itself first",
  "never ends after its job",
];

/** Strikes the nth request of one step of one run. */
interface PlannedFault {
  readonly run: number;
  readonly step: number;
  readonly request: number;
  readonly kind: FaultKind;
}

/** Ends a step of a run from outside. */
interface PlannedEnd {
  readonly run: number;
  readonly step: number;
  /** Milliseconds after the step began. */
  readonly afterMs: number;
  /** `cancel`: SIGINT, the kill ten seconds later, then the post-job step. `machine`: nothing comes after. */
  readonly how: "cancel" | "kill" | "machine";
}

export interface PlannedRun {
  readonly shape: Shape;
  readonly startsMs: number;
  readonly agentCount: number;
  readonly jobMs: number;
  readonly jobFails: boolean;
  /** The deploy job is never queued. */
  readonly skipped: boolean;
  readonly keepOnError: boolean;
  readonly fallback: boolean;
}

export interface Schedule {
  readonly seed: number;
  readonly runs: readonly PlannedRun[];
  readonly faults: readonly PlannedFault[];
  readonly ends: readonly PlannedEnd[];
  /** Of the containers in the order they are made; the rest works. */
  readonly fates: readonly Fate[];
  /** Jobs of other pipelines; those without a demand fit any agent of ours. */
  readonly foreignJobs: readonly { readonly atMs: number; readonly lastsMs: number; readonly demandless: boolean }[];
  /** Whether the state of another run may be read. */
  readonly runsReadable: boolean;
  readonly protectsBusy: boolean;
  readonly assignsToFinished: boolean;
  readonly gap: number;
  /** The containers register their agents, and never unregister one. */
  readonly byContainer?: boolean;
  /** How far reads are behind of what was done, and how many deletions do nothing. */
  readonly reads?: Pick<Reading, "listLagMs" | "unseenMs" | "lingerMs" | "idleDeletes">;
  readonly impolite?: Impoliteness;
  /** The steps name a standby pool. */
  readonly standby?: PlannedStandby;
}

export interface PlannedStandby {
  /** Containers that wait at first. */
  readonly ready: number;
  /** Milliseconds until another one takes the place of one that was claimed. */
  readonly refillMs: number;
  /** Milliseconds from a claim to the listener. */
  readonly bootMs: number;
  /** Of every container out of the pool. */
  readonly fate: Fate;
  /** The pool's containers are not what the steps ask for. */
  readonly unlike: boolean;
}

/** Draws a schedule. Most have little go wrong, so that what goes wrong meets a step at work. */
export function schedule(seed: number): Schedule {
  const random = seeded(seed);
  const below = (limit: number) => Math.floor(random() * limit);
  const chance = (probability: number) => random() < probability;
  const pick = <T>(from: readonly T[]): T => from[below(from.length)] as T;
  const list = <T>(count: number, make: () => T): T[] => Array.from({ length: count }, make);

  const runs = list(1 + below(3), () => ({
    shape: pick(shapes),
    startsMs: below(60_000),
    // Of more than three, the records are read by lists.
    agentCount: chance(0.2) ? (seed % 5 === 0 ? 4 : 2) : 1,
    jobMs: 5_000 + below(25_000),
    jobFails: chance(0.15),
    skipped: chance(0.1),
    keepOnError: chance(0.1),
    fallback: chance(0.15),
  }));
  const run = () => below(runs.length);
  // Low step numbers are where things are made.
  const step = () => (chance(0.7) ? 0 : 1 + below(2));
  const drawn = {
    seed,
    runs,
    faults: chance(0.6)
      ? list(1 + below(4), () => ({
          run: run(),
          step: step(),
          request: below(chance(0.7) ? 15 : 80),
          kind: pick(faultKinds),
        }))
      : [],
    ends: chance(0.5)
      ? list(1 + below(2), () => ({
          run: run(),
          step: step(),
          afterMs: below(chance(0.5) ? 25_000 : 90_000),
          how: pick(["cancel", "kill", "machine"] as const),
        }))
      : [],
    fates: list(4, () => (chance(0.65) ? "works" : pick(fates))),
    foreignJobs: chance(0.3)
      ? list(1 + below(2), () => ({ atMs: below(90_000), lastsMs: 5_000 + below(120_000), demandless: chance(0.3) }))
      : [],
    runsReadable: chance(0.5),
    protectsBusy: chance(0.7),
    assignsToFinished: chance(0.4),
    gap: below(4),
  };
  const behind = drawnReads(seed);
  const impolite = drawnImpoliteness(seed, runs.length);
  const standby = drawnStandby(seed);
  const all = {
    ...drawn,
    ...(behind ? { reads: behind } : {}),
    ...(impolite ? { impolite } : {}),
    ...(standby ? { standby } : {}),
  };
  // Drawn last: what a seed stands for otherwise stays the same.
  if (!chance(0.2)) return all;
  // A job without demands may get in while its container is deleted: there was no record yet to take out of service.
  const foreignJobs = drawn.foreignJobs.map((job) => ({ ...job, demandless: false }));
  const calm = impolite ? { impolite: { ...impolite, maintenance: [] } } : {};
  // Nor is there a mark by which to find a record that the pool does not show yet (docs/guarantees.md).
  const shown = behind ? { reads: { ...behind, unseenMs: 0, idleDeletes: 0 } } : {};
  return { ...all, ...calm, ...shown, foreignJobs, byContainer: true };
}

/** Drawn from numbers of their own, for the same reason. */
function drawnReads(seed: number): Schedule["reads"] {
  const random = seeded(seed ^ 0x5eed);
  if (random() < 0.5) return undefined;
  const upTo = (limit: number) => (random() < 0.5 ? 0 : Math.floor(random() * limit));
  return { listLagMs: upTo(10_000), unseenMs: upTo(10_000), lingerMs: upTo(10_000), idleDeletes: upTo(4) };
}

/** In a fifth of the schedules, of numbers of their own again. */
function drawnStandby(seed: number): PlannedStandby | undefined {
  const random = seeded(seed ^ 0x57a4db);
  if (random() >= 0.2) return undefined;
  const below = (limit: number) => Math.floor(random() * limit);
  return {
    ready: below(3),
    refillMs: 5_000 + below(60_000),
    bootMs: random() < 0.7 ? below(4_000) : below(90_000),
    fate: random() < 0.6 ? "works" : (fates[below(fates.length)] ?? "works"),
    unlike: random() < 0.15,
  };
}

/** Every schedule that has one thing less. */
export function* shorter(one: Schedule): Generator<Schedule> {
  const without = <T>(items: readonly T[], index: number) => items.filter((_, at) => at !== index);
  for (const index of one.faults.keys()) yield { ...one, faults: without(one.faults, index) };
  for (const index of one.ends.keys()) yield { ...one, ends: without(one.ends, index) };
  for (const index of one.foreignJobs.keys()) yield { ...one, foreignJobs: without(one.foreignJobs, index) };
  for (const [index, fate] of one.fates.entries()) {
    if (fate !== "works") yield { ...one, fates: one.fates.map((each, at) => (at === index ? "works" : each)) };
  }
  // The last run only: the others are named by their numbers.
  if (one.runs.length > 1) yield { ...one, runs: one.runs.slice(0, -1) };
  for (const [index, run] of one.runs.entries()) {
    const plain = { ...run, agentCount: 1, jobFails: false, skipped: false, keepOnError: false, fallback: false };
    if (JSON.stringify(plain) !== JSON.stringify(run)) {
      yield { ...one, runs: one.runs.map((each, at) => (at === index ? plain : each)) };
    }
  }
  if (!one.protectsBusy) yield { ...one, protectsBusy: true };
  if (one.assignsToFinished) yield { ...one, assignsToFinished: false };
  if (!one.runsReadable) yield { ...one, runsReadable: true };
  if (one.byContainer) yield { ...one, byContainer: false };
  if (one.gap > 0) yield { ...one, gap: 0 };
  if (one.reads) {
    for (const [what, value] of Object.entries(one.reads)) {
      if (value > 0) yield { ...one, reads: { ...one.reads, [what]: 0 } };
    }
  }
  if (one.standby) {
    const { standby, ...rest } = one;
    yield rest;
    if (standby.fate !== "works") yield { ...one, standby: { ...standby, fate: "works" } };
  }
  if (one.impolite) for (const impolite of milder(one.impolite)) yield { ...one, impolite };
}
