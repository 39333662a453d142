// Processes of this machine, by the session that they belong to.

import { existsSync, readdirSync, readFileSync } from "node:fs";

/** Kills what the process began, whatever groups that has formed. Without /proc, no more than its own. */
export function endSession(leader: number | undefined): void {
  for (const id of leader === undefined ? [] : [-leader, ...membersOf(leader)]) {
    try {
      process.kill(id, "SIGKILL");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
    }
  }
}

function membersOf(session: number): number[] {
  const ids = existsSync("/proc/self/stat") ? readdirSync("/proc").filter((name) => /^\d+$/.test(name)) : [];
  return ids.map(Number).filter((id) => {
    try {
      // After the program's name in brackets: state, parent, group, session.
      return (
        Number(
          readFileSync(`/proc/${id}/stat`, "utf8")
            .replace(/^.*\) /s, "")
            .split(" ")[3],
        ) === session
      );
    } catch {
      return false; // It has ended meanwhile.
    }
  });
}
