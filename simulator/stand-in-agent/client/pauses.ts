// Waits that can end early.
import { setTimeout as delay } from "node:timers/promises";

/** Waits that end early, without an error, when they are no longer wanted. */
export async function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  try {
    await delay(milliseconds, undefined, signal === undefined ? {} : { signal });
  } catch {
    // Whoever waits looks at the signal himself.
  }
}

/** A number of milliseconds between two. */
export const between = (least: number, most: number): number => least + Math.random() * (most - least);
