// The pauses that Azure DevOps asks for before it refuses anything.
import type { Clock } from "../../ports.ts";

export interface ThrottlingPauses {
  /** Milliseconds for which the service wants to be left alone. */
  leftMs(): number;
  /** Told before each pause. @param ms of the pause */
  onPause(ms: number): void;
}

/**
 * Waits while the service wants to be left alone.
 * @param longestMs a service may ask for, in milliseconds
 * @throws `Cancelled`
 */
export async function pauseForThrottling(
  {
    clock,
    signal,
    throttling,
  }: { readonly clock: Clock; readonly signal: AbortSignal; readonly throttling?: ThrottlingPauses },
  longestMs: number,
): Promise<void> {
  const ms = Math.min(throttling?.leftMs() ?? 0, longestMs);
  if (ms <= 0) return;
  throttling?.onPause(ms);
  await clock.sleep(ms, signal);
}
