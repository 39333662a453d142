// A job that counts how often it is begun and ended, by whom: outside of its container, so that nothing is forgotten.
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const folders: string[] = [];
process.once("exit", () => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

export interface Counted {
  /** Notes its agent, does what it is for, notes that it is done. */
  readonly script: string;
  /** Agents that began it, in order. */
  begun(): string[];
  /** Agents that came to its end. */
  ended(): string[];
  /** Lets a job that waits go on. */
  open(): void;
}

/** @param waits the job says `started` and does not end before it is let through */
export function counted({ waits = false } = {}): Counted {
  const folder = mkdtempSync(join(tmpdir(), "counted-"));
  folders.push(folder);
  const gate = join(folder, "gate");
  const lines = (name: string): string[] =>
    existsSync(join(folder, name)) ? readFileSync(join(folder, name), "utf8").trim().split("\n") : [];
  const wait = waits ? `until [ -e ${gate} ]; do sleep 0.1; done` : "true";
  return {
    script: `echo "$AGENT_NAME" >>${folder}/begun; echo started; ${wait}; echo "$AGENT_NAME" >>${folder}/ended`,
    begun: () => lines("begun"),
    ended: () => lines("ended"),
    open: () => appendFileSync(gate, ""),
  };
}
