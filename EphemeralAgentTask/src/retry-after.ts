/**
 * How long a service asks to be left alone, as a detail of its fault.
 * @param value of `Retry-After`: seconds, or a date
 * @returns nothing when it does not ask, or not so that it could be understood
 */
export function retryAfter(value: string | undefined): { retryAfterMs?: number } {
  if (value === undefined) return {};
  const seconds = Number(value);
  const ms = Number.isNaN(seconds) ? Date.parse(value) - Date.now() : seconds * 1000;
  return Number.isNaN(ms) ? {} : { retryAfterMs: Math.max(0, ms) };
}
