// A copy of the core with one safety switched off, and the schedule that notices.

import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Schedule, schedule } from "./schedules/schedule.ts";

/** The schedule that catches a mutation. */
export function catching({ seed, polite }: Mutation): Schedule {
  const { impolite, ...plain } = schedule(seed);
  return polite || impolite === undefined ? plain : { ...plain, impolite };
}

const source = fileURLToPath(new URL("../../EphemeralAgentTask/src/", import.meta.url));

/**
 * Copies the core and switches one safety off in the copy.
 * @throws when the code has changed so that an edit fits no longer
 */
export function mutant({ safety, edits }: Mutation): { readonly folder: string; remove(): void } {
  const folder = `${mkdtempSync(join(tmpdir(), "mutant-"))}/`;
  cpSync(source, folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }\n');
  for (const { file, find, replace } of edits) {
    const text = readFileSync(join(folder, file), "utf8");
    if (text.split(find).length !== 2) throw new Error(`'${safety}': this stands not exactly once in ${file}: ${find}`);
    writeFileSync(join(folder, file), text.replace(find, replace));
  }
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

interface Edit {
  readonly file: string;
  /** Stands there exactly once. */
  readonly find: string;
  readonly replace: string;
}

export interface Mutation {
  readonly safety: string;
  readonly edits: readonly Edit[];
  /** A schedule that catches it. */
  readonly seed: number;
  /** Caught without the schedule's impoliteness only. */
  readonly polite?: true;
}
