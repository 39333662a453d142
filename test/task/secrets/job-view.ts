// What a job sees of the container it runs in. The simulated container has one user, root: no job sees more than this.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import type { Place } from "./secret-values.ts";

const folders: string[] = [];
process.once("exit", () => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

interface Inside {
  /** A script for the job: notes everything, and says `noted`. */
  readonly script: string;
  /** What it noted: its environment, all processes with theirs, every file it can read. */
  places(): Place[];
}

export function lookAround(): Inside {
  const folder = mkdtempSync(join(tmpdir(), "inside-"));
  folders.push(folder);
  // The simulated container's processes are those that know its root folder, as the engine finds them.
  const script = `
    root=$(dirname "$HOME")
    env -0 | tr '\\0' '\\n' >${folder}/environment
    for process in /proc/[0-9]*; do
      grep -qsF "$root/" $process/environ || continue
      tr '\\0' '\\n' <$process/environ >>${folder}/environments
      { tr '\\0' ' ' <$process/cmdline; echo; } >>${folder}/processes
    done 2>/dev/null
    mkdir ${folder}/files
    cp -a "$root/." ${folder}/files/ 2>/dev/null
    echo noted`;
  return {
    script,
    places() {
      const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
      return files.map(({ parentPath, name }) => {
        const path = join(parentPath, name);
        return [`container's ${relative(folder, path)}`, readFileSync(path, "latin1")];
      });
    },
  };
}
