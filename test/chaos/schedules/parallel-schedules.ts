// Divides schedules among processes.
import { fork } from "node:child_process";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { add, emptyTally, type Tally } from "../tally.ts";
import type { Share } from "./schedule-worker.ts";

const script = fileURLToPath(new URL("./schedule-worker.ts", import.meta.url));

/** One share in a process of its own. */
function play(share: Share, onTally: (tally: Tally) => void): Promise<void> {
  const child = fork(script, { execArgv: ["--import", "tsx"] });
  child.send(share);
  child.on("message", (tally: Tally) => onTally(tally));
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => (code === 0 ? resolve() : reject(new Error(`a worker ended with exit code ${code}`))));
  });
}

/**
 * Plays schedules on every core.
 * @param core the task's source folder, with a slash at the end
 * @param onProgress called with the sum so far
 */
export async function playAll(
  core: string,
  first: number,
  count: number,
  onProgress: (tally: Tally) => void,
): Promise<Tally> {
  const sum = emptyTally();
  const workers = Math.min(availableParallelism(), count);
  const shares = Array.from({ length: workers }, (_, index): Share => {
    const share = Math.floor(count / workers) + (index < count % workers ? 1 : 0);
    return { core, first: first + index, step: workers, count: share };
  });
  const onTally = (tally: Tally) => {
    add(sum, tally);
    onProgress(sum);
  };
  await Promise.all(shares.map((share) => play(share, onTally)));
  return sum;
}
