// Kills a container of the engine and waits until it has ended.
import { setTimeout as pause } from "node:timers/promises";

const pauseMs = 100;

/**
 * Kills a container until it has ended. One that is only about to start is not there to be killed yet: the engine refuses, and
 * starts it a moment later.
 * @param exited resolves when the container has ended
 * @param kill asks the engine once; a refusal is no failure
 */
export async function killUntilEnded(exited: Promise<unknown>, kill: () => Promise<unknown>): Promise<void> {
  const ended = exited.then(() => true);
  for (;;) {
    await kill();
    if (await Promise.race([ended, pause(pauseMs, false)])) return;
  }
}
