// Limits how many container groups a subscription may create in a period of time.
import { armError } from "../arm-error.ts";

/** How many requests a subscription may send in two windows of time. */
export interface RateLimit {
  readonly per5Minutes: number;
  readonly perHour: number;
}

/**
 * What a test subscription of the service had (facts aci-azure-sdk §2.3), so that tests are not throttled by surprise. Every
 * subscription begins with 100 in 5 minutes and 300 in an hour (§3.3).
 */
export const defaultRateLimit: RateLimit = { per5Minutes: 1500, perHour: 15000 };

const fiveMinutes = 5 * 60_000;
const hour = 60 * 60_000;

/** Counts the creations or deletions of container groups and refuses those beyond the limit. */
export class RateLimiter {
  readonly #limit: RateLimit;
  #times: number[] = [];

  constructor(limit: RateLimit) {
    this.#limit = limit;
  }

  /**
   * Counts one request.
   * @returns the headers that tell how many are left.
   * @throws Refused with 429 and `Retry-After` when none is.
   */
  count(): Record<string, string> {
    const now = Date.now();
    this.#times = this.#times.filter((time) => time > now - hour);
    const recent = this.#times.filter((time) => time > now - fiveMinutes);
    const windows = [
      { name: "pt5m", limit: this.#limit.per5Minutes, times: recent, length: fiveMinutes },
      { name: "pt1h", limit: this.#limit.perHour, times: this.#times, length: hour },
    ];
    for (const { limit, times, length } of windows) {
      if (times.length < limit) continue;
      const seconds = Math.max(1, Math.ceil(((times[0] ?? now) + length - now) / 1000));
      const message = `The request is being throttled as the limit has been reached. Please retry after '${seconds}' seconds.`;
      throw armError(429, "TooManyRequests", message, { "retry-after": String(seconds) });
    }
    this.#times.push(now);
    return Object.fromEntries(
      windows.map(({ name, limit, times }) => [
        `x-ms-ratelimit-remaining-subscription-resource-requests-${name}`,
        String(limit - times.length - (name === "pt5m" ? 1 : 0)),
      ]),
    );
  }
}
