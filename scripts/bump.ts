// npm run bump -- X.Y.Z: gives every file that names the version the new one.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** How each file names the version: what is replaced, and by what. */
const places: Readonly<Record<string, (text: string, version: string) => string>> = {
  "package.json": (text, version) => text.replace(/^ {2}"version": ".*?"/m, `  "version": "${version}"`),
  "package-lock.json": (text, version) =>
    text
      .replace(/^ {2}"version": ".*?"/m, `  "version": "${version}"`)
      .replace(/^( {4}"": \{.*?\n {6}"version": )".*?"/ms, `$1"${version}"`),
  "vss-extension.json": (text, version) => text.replace(/^ {2}"version": ".*?"/m, `  "version": "${version}"`),
  "EphemeralAgentTask/task.json": (text, version) => {
    const [major, minor, patch] = version.split(".");
    return text.replace(
      /"Major": \d+,(\s+)"Minor": \d+,(\s+)"Patch": \d+/,
      `"Major": ${major},$1"Minor": ${minor},$2"Patch": ${patch}`,
    );
  },
  "CHANGELOG.md": (text, version) => {
    const [latest = ""] = /^## .*$/m.exec(text) ?? [];
    if (latest.split(" ")[1] === version) return text;
    return text.replace(latest, `## ${version} (not released yet)\n\n- \n\n${latest}`);
  },
};

export const versionedFiles: readonly string[] = Object.keys(places);

/**
 * @param path one of `versionedFiles`
 * @param version `X.Y.Z`
 * @throws Error when the version has another form, or the file does not name one
 */
export function bumped(path: string, text: string, version: string): string {
  if (!/^\d+\.\d+\.\d+$/.test(version)) throw new Error(`'${version}' is no version of the form X.Y.Z.`);
  const change = places[path];
  if (change === undefined) throw new Error(`${path} names no version.`);
  const changed = change(text, version);
  const parts = version.split(".");
  const inTask = `"Major": ${parts[0]},\\s+"Minor": ${parts[1]},\\s+"Patch": ${parts[2]}`;
  if (!changed.includes(version) && !new RegExp(inTask).test(changed))
    throw new Error(`${path} does not name its version as it used to.`);
  return changed;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const repository = fileURLToPath(new URL("..", import.meta.url));
  const [version = ""] = process.argv.slice(2);
  const changes = versionedFiles.map((path) => {
    const file = join(repository, path);
    return [file, bumped(path, readFileSync(file, "utf8"), version)] as const;
  });
  for (const [file, text] of changes) writeFileSync(file, text);
  console.log(`${version} in ${versionedFiles.join(", ")}. Write in CHANGELOG.md what is new for users.`);
}
