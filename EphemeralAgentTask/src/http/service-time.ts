// The services' time: one machine writes an agent's expiry down and another one reads it, and their clocks may
// both be wrong, or be set in between.

/** Who said what time it is. The organization decides where it has said it: every action asks it first. */
type TimeSource = "Azure DevOps" | "Azure";

export interface ServiceTime {
  /** @param date header `Date` of an answer */
  heard(source: TimeSource, date: string | undefined): void;
  /** Milliseconds since the epoch; by this machine's clock as long as no service has said anything. */
  now(): number;
}

/** So many answers of each service are kept: one with a nonsensical date, as a proxy may have, decides nothing. */
const kept = 15;

/** What is outside of this is no time at which this task runs. */
const sensible = { from: Date.parse("2025-01-01T00:00:00Z"), to: Date.parse("2100-01-01T00:00:00Z") };

function median(values: readonly number[]): number | undefined {
  return [...values].sort((a, b) => a - b)[Math.floor((values.length - 1) / 2)];
}

/** By this machine's clocks: the time that a service has not told yet. */
export const systemTime = (): ServiceTime =>
  serviceTime(
    () => performance.now(),
    () => Date.now(),
  );

/**
 * @param elapsed milliseconds by a clock that nobody sets
 * @param machine this machine's time in milliseconds since the epoch
 */
export function serviceTime(elapsed: () => number, machine: () => number): ServiceTime {
  const offsets: Record<TimeSource, number[]> = { "Azure DevOps": [], Azure: [] };
  // Read once: what is set afterwards changes nothing.
  const own = machine() - elapsed();
  return {
    heard(source, date) {
      const at = Date.parse(date ?? "");
      if (!(at >= sensible.from && at < sensible.to)) return;
      offsets[source].push(at - elapsed());
      if (offsets[source].length > kept) offsets[source].shift();
    },
    now: () => elapsed() + (median(offsets["Azure DevOps"]) ?? median(offsets.Azure) ?? own),
  };
}
