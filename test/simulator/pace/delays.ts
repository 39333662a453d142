// Which delays code asks for, so that no test has to measure them.
import { syncBuiltinESMExports } from "node:module";
import timers from "node:timers/promises";

/** @returns milliseconds of each delay that is asked of `node:timers/promises` until the work is done, in order */
export async function delaysOf(work: () => Promise<void>): Promise<readonly number[]> {
  const asked: number[] = [];
  const { setTimeout } = timers;
  const replace = (replacement: typeof setTimeout): void => {
    timers.setTimeout = replacement;
    syncBuiltinESMExports();
  };
  replace((milliseconds = 0, ...rest) => {
    asked.push(milliseconds);
    return setTimeout(milliseconds, ...rest);
  });
  try {
    await work();
  } finally {
    replace(setTimeout);
  }
  return asked;
}
