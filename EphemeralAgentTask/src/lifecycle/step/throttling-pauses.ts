// The pauses that Azure DevOps asks for before it refuses anything.
import type { Clock } from "../../ports.ts";

export interface Rest {
  /** Milliseconds for which the service wants to be left alone. */
  leftMs(): number;
  /** Told before each pause. @param ms of the pause */
  onRest(ms: number): void;
}

/**
 * Waits while the service wants to be left alone.
 * @param longestMs a service may ask for, in milliseconds
 * @throws `Cancelled`
 */
export async function restFor(
  { clock, signal, rest }: { readonly clock: Clock; readonly signal: AbortSignal; readonly rest?: Rest },
  longestMs: number,
): Promise<void> {
  const ms = Math.min(rest?.leftMs() ?? 0, longestMs);
  if (ms <= 0) return;
  rest?.onRest(ms);
  await clock.sleep(ms, signal);
}
