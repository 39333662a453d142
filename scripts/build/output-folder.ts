// Writes below dist so that builds at the same time, and tasks that start meanwhile, only ever see whole files.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/**
 * Makes a folder hold exactly these files. What is so already is left alone; any other file is replaced at once.
 * @param folder made when it is missing; its parent is on the same disk
 * @param files name to content
 */
export function writeFolder(folder: string, files: ReadonlyMap<string, Uint8Array>): void {
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(folder)) {
    if (!files.has(name)) rmSync(join(folder, name), { recursive: true, force: true });
  }
  // Beside the folder: within it, another build would remove what is half written.
  for (const [name, content] of files) replaceFile(join(folder, name), content, dirname(folder));
}

/**
 * Replaces a file at once, unless it is so already.
 * @param partialIn where the file is written first; on the same disk
 */
export function replaceFile(path: string, content: Uint8Array, partialIn = dirname(path)): void {
  if (readIfThere(path)?.equals(content)) return;
  const partial = mkdtempSync(join(partialIn, ".partial-"));
  try {
    writeFileSync(join(partial, "file"), content);
    renameSync(join(partial, "file"), path);
  } finally {
    rmSync(partial, { recursive: true });
  }
}

function readIfThere(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}
