// Imported before task-lib. It encrypts what it is given with a key that it keeps in a file of Agent.TempDirectory, and
// reads that file for every value: on a machine where the folder is full, read-only or gone, it would fail while it is
// loaded. The key opens nothing but this process's own memory, so it stays there.
import fs from "node:fs";
import { devNull } from "node:os";
import { join } from "node:path";

/** The folder for files of this job; undefined where the agent names none. It may be full, read-only or gone. */
export const tempDirectory = process.env.AGENT_TEMPDIRECTORY;

/** A folder that cannot be: nothing else has a file in it. */
const folder = join(devNull, "ephemeral-agent");
const kept = new Map<string, string>();
const isOurs = (path: unknown): path is string => typeof path === "string" && path.startsWith(folder);

const { writeFileSync, readFileSync } = fs;
fs.writeFileSync = (...args: Parameters<typeof writeFileSync>) => {
  const [path, data] = args;
  if (isOurs(path)) kept.set(path, String(data));
  else writeFileSync(...args);
};
function read(...args: Parameters<typeof readFileSync>): string | Buffer {
  const [path, encoding] = args;
  const text = isOurs(path) ? kept.get(path) : undefined;
  if (text === undefined) return readFileSync(...args);
  return encoding === undefined || encoding === null ? Buffer.from(text) : text;
}
fs.readFileSync = read as typeof readFileSync;
process.env.AGENT_TEMPDIRECTORY = folder;
