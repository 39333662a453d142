// Kills the processes that a job left running.
import { readdirSync, readFileSync } from "node:fs";

/** Marks every process of a job; at its end whatever still carries the mark is killed (facts task-conventions §1.5). */
export const PROCESS_LOOKUP_ID = "VSTS_PROCESS_LOOKUP_ID";

/**
 * Kills the processes that a job's steps left behind.
 * @returns how many there were. Only Linux shows a process's environment; elsewhere there are none to be found.
 */
export function killLeftovers(lookupId: string): number {
  const mark = `${PROCESS_LOOKUP_ID}=${lookupId}`;
  let killed = 0;
  for (const entry of process.platform === "linux" ? readdirSync("/proc") : []) {
    if (!/^\d+$/.test(entry) || Number(entry) === process.pid) continue;
    try {
      if (!readFileSync(`/proc/${entry}/environ`, "latin1").split("\0").includes(mark)) continue;
      process.kill(Number(entry), "SIGKILL");
      killed += 1;
    } catch {
      // It ended meanwhile, or belongs to somebody else.
    }
  }
  return killed;
}
