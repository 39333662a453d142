// Azure DevOps slows down whoever asks too much, and says so in good answers before it refuses any: `Retry-After` is for how long
// it wants to be left alone, and `X-RateLimit-Delay` how long it held this answer back (Microsoft Learn, rate and usage limits).

import type { Throttle } from "../ports/throttle.ts";
import { retryAfter } from "./retry-after-header.ts";

/** One answer is heeded for no longer, in milliseconds: a nonsensical number would hold up each of the step's requests. */
const longestMs = 120_000;

/** @param elapsed milliseconds by a clock that nobody sets */
export function throttle(elapsed: () => number): Throttle {
  let until = Number.NEGATIVE_INFINITY;
  return {
    heard(headers) {
      const asked = headers["retry-after"] ?? headers["x-ratelimit-delay"];
      const { retryAfterMs = 0 } = retryAfter(asked, headers.date);
      if (retryAfterMs > 0) until = Math.max(until, elapsed() + Math.min(retryAfterMs, longestMs));
    },
    leftMs: () => Math.max(0, until - elapsed()),
  };
}
