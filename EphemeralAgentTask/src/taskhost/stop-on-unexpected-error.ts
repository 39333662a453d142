// Runs work that an unexpected error ends: waits stop, clean-up runs as after a cancel, and the error is reported.
import { setMaxListeners } from "node:events";
import { setTimeout as wait } from "node:timers/promises";
import * as tl from "azure-pipelines-task-lib/task.js";
import { onUnexpected } from "./unexpected-errors.ts";

/** The clean-up after a cancel has ten seconds at most (facts agent-protocol §8.1); here nobody counts them. */
const cleanUpMs = 15_000;

/**
 * Aborted by SIGINT or SIGTERM (facts agent-protocol §8.1: 7.5 s, then 2.5 s, then the kill), and by an unexpected error.
 */
function cancellation(): AbortController {
  const controller = new AbortController();
  // Every wait of every agent hears of a cancel.
  setMaxListeners(0, controller.signal);
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => controller.abort());
  return controller;
}

/**
 * @param work ends soon when its signal is aborted
 * @throws what the work throws, or the first unexpected error
 */
export async function unlessUnexpected<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = cancellation();
  let found: { readonly error: unknown } | undefined;
  const heard = new Promise<void>((resolve) => {
    onUnexpected((error) => {
      if (error instanceof Error) tl.debug(error.stack ?? error.message);
      found ??= { error };
      controller.abort();
      resolve();
    });
  });
  const working = work(controller.signal);
  const settled = working.then(
    () => undefined,
    () => undefined,
  );
  await Promise.race([settled, heard.then(() => wait(cleanUpMs))]);
  if (found) throw found.error;
  return working;
}
