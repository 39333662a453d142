// Finds and kills all processes of a container that is a process.
import { readdirSync, readFileSync } from "node:fs";

/**
 * Kills every process whose environment mentions the folder, which is how a container's processes are told from others
 * when one has left the process group. Only Linux shows a process's environment; elsewhere nothing more is found.
 * @returns how many were killed.
 */
export function killProcessesOf(folder: string): number {
  let killed = 0;
  for (const entry of process.platform === "linux" ? readdirSync("/proc") : []) {
    if (!/^\d+$/.test(entry) || Number(entry) === process.pid) continue;
    try {
      if (!readFileSync(`/proc/${entry}/environ`, "latin1").includes(`${folder}/`)) continue;
      process.kill(Number(entry), "SIGKILL");
      killed += 1;
    } catch {
      // It ended meanwhile, or belongs to somebody else.
    }
  }
  return killed;
}

/** Kills a process group; one that is gone already is no error. */
export function killProcessGroup(leader: number): void {
  try {
    process.kill(-leader, "SIGKILL");
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
  }
}

const leaders = new Set<number>();

/**
 * Kills the process group too when this process ends without having done so. Nothing can be done about a SIGKILL.
 * @returns a function to call once the group is gone.
 */
export function killOnExit(leader: number): () => void {
  if (leaders.size === 0) process.on("exit", killLeaders);
  leaders.add(leader);
  return () => {
    leaders.delete(leader);
    if (leaders.size === 0) process.off("exit", killLeaders);
  };
}

function killLeaders(): void {
  for (const leader of leaders) killProcessGroup(leader);
}
