// Prints the results of the random schedules.
import type { Tally } from "./tally.ts";

const table = (title: string, rows: Readonly<Record<string, number>>): string[] => {
  const entries = Object.entries(rows).sort(([, a], [, b]) => b - a);
  const width = Math.max(0, ...entries.map(([name]) => name.length));
  return [`${title}:`, ...entries.map(([name, times]) => `  ${name.padEnd(width)}  ${times}`)];
};

/** The tally as text, violations last. */
export function describeTally(tally: Tally): string {
  const violations = tally.failures.flatMap(({ seed, violations: broken }) =>
    broken.map((one) => `  seed ${seed}: ${one}`),
  );
  return [
    ...table("faults injected", tally.faults),
    ...table("steps ended", tally.ends),
    ...table("states covered", tally.states),
    `schedules: ${tally.schedules}, kills: ${tally.kills}, cancels: ${tally.cancels}`,
    `with events shown late: ${tally.lateEvents}, with a group that showed none: ${tally.missingEvents}`,
    `violations: ${tally.failures.length}`,
    ...violations,
  ].join("\n");
}
