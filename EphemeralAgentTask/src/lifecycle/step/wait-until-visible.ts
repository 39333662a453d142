// Waits until something that was just created becomes visible: lists are some seconds behind, and a read may answer 404 at
// first.
import type { Clock } from "../../ports.ts";

/** A read shows what was just created after ten seconds at most; this is a little more. */
export const unseenMs = 12_000;

const pauseMs = 1_000;

/**
 * Looks again until something is seen, or would be seen if it were there.
 * @param look gives undefined as long as there is nothing to be seen
 * @param forMs how long to go on, in milliseconds; 0 looks once
 * @throws what `look` throws; `Cancelled`
 */
export async function waitUntilVisible<T>(
  { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal },
  look: () => Promise<T | undefined>,
  forMs: number = unseenMs,
): Promise<T | undefined> {
  const end = clock.now() + forMs;
  for (;;) {
    const seen = await look();
    if (seen !== undefined || clock.now() >= end) return seen;
    await clock.sleep(pauseMs, signal);
  }
}
