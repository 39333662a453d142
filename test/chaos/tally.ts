// What many schedules came to.
import type { Core } from "./core.ts";
import { play } from "./schedules/play-schedule.ts";
import { type Schedule, schedule, shorter } from "./schedules/schedule.ts";

interface Failure {
  readonly seed: number;
  readonly violations: readonly string[];
}

export interface Tally {
  schedules: number;
  kills: number;
  cancels: number;
  /** Schedules in which a step looked at a group whose events were late, and at one that showed none for good. */
  lateEvents: number;
  missingEvents: number;
  faults: Record<string, number>;
  ends: Record<string, number>;
  states: Record<string, number>;
  failures: Failure[];
}

export const emptyTally = (): Tally => ({
  schedules: 0,
  kills: 0,
  cancels: 0,
  lateEvents: 0,
  missingEvents: 0,
  faults: {},
  ends: {},
  states: {},
  failures: [],
});

const count = (into: Record<string, number>, names: readonly string[]) => {
  for (const name of names) into[name] = (into[name] ?? 0) + 1;
};

/** Adds one tally to another. */
export function add(into: Tally, more: Tally): void {
  into.schedules += more.schedules;
  into.kills += more.kills;
  into.cancels += more.cancels;
  into.lateEvents += more.lateEvents;
  into.missingEvents += more.missingEvents;
  for (const key of ["faults", "ends", "states"] as const) {
    for (const [name, times] of Object.entries(more[key])) into[key][name] = (into[key][name] ?? 0) + times;
  }
  into.failures.push(...more.failures);
}

/** Plays the schedules of these seeds. @param enough stops after so many failures */
export async function playSeeds(core: Core, seeds: Iterable<number>, enough = 5): Promise<Tally> {
  const tally = emptyTally();
  for (const seed of seeds) {
    const report = await play(core, schedule(seed));
    tally.schedules++;
    tally.kills += report.kills;
    tally.cancels += report.cancels;
    tally.lateEvents += Number(report.hidden.late);
    tally.missingEvents += Number(report.hidden.missing);
    count(tally.faults, report.faults);
    count(tally.ends, report.ends);
    count(tally.states, report.states);
    if (report.violations.length > 0) tally.failures.push({ seed, violations: report.violations });
    if (tally.failures.length >= enough) break;
  }
  return tally;
}

/** The shortest schedule found that still breaks a promise, one thing at a time taken away. */
export async function shortest(core: Core, broken: Schedule): Promise<Schedule> {
  for (const candidate of shorter(broken)) {
    if ((await play(core, candidate)).violations.length > 0) return shortest(core, candidate);
  }
  return broken;
}
