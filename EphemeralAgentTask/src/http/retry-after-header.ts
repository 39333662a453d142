// Reads the `Retry-After` header.

/** A date as HTTP writes it: `Tue, 01 Jan 2019 00:00:00 GMT`, and its older forms. Anything else may parse as some date, too. */
const httpDate = /^[A-Z][a-z]{2,8},? /;

/**
 * How long a service asks to be left alone, as a detail of its fault. It is told as it was asked, however long:
 * lifecycle/step/retry.ts decides how much of it is granted.
 * @param value of `Retry-After`: seconds, or a date
 * @param now what the service's own clock shows, the header `Date`; this machine's clock without it
 * @returns nothing when it does not ask, or not so that it could be understood
 */
export function retryAfter(value: string | undefined, now?: string): { retryAfterMs?: number } {
  const asked = value?.trim() ?? "";
  if (/^\d+(\.\d+)?$/.test(asked)) return { retryAfterMs: Math.min(Number(asked) * 1000, Number.MAX_SAFE_INTEGER) };
  if (!httpDate.test(asked)) return {};
  const own = Date.parse(now ?? "");
  const ms = Date.parse(asked) - (Number.isNaN(own) ? Date.now() : own);
  return Number.isNaN(ms) ? {} : { retryAfterMs: Math.max(0, ms) };
}
