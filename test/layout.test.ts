import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const folders = ["EphemeralAgentTask", "agent-image", "results-tab", "samples", "scripts", "simulator", "test"];

/** The start script is one file because Azure hands one file to the container. */
const exempt = ["agent-image/entrypoint.sh"];

const filesBelow = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesBelow(path) : [path];
  });

describe("The layout", () => {
  const files = folders.flatMap((folder) => filesBelow(join(root, folder))).map((path) => relative(root, path));

  it("begins every source file with a line that tells its job", () => {
    const sources = files.filter((path) => /^(EphemeralAgentTask|results-tab|scripts|simulator)\/.*\.ts$/.test(path));
    const silent = sources.filter((path) => !readFileSync(join(root, path), "utf8").startsWith("// "));
    assert.deepEqual(silent, []);
  });

  it("has no folder with more than fifteen files of its own", () => {
    const all = [...files, ...["docs", "images", "templates"].flatMap((name) => filesBelow(join(root, name)))];
    const counts = new Map<string, number>();
    for (const path of all) counts.set(dirname(path), (counts.get(dirname(path)) ?? 0) + 1);
    const full = [...counts].filter(([, count]) => count > 15).map(([folder, count]) => `${folder} has ${count} files`);
    assert.deepEqual(full, []);
  });

  it("has no source file of more than 250 lines", () => {
    const sources = files.filter((path) => /\.(ts|mjs|cjs|sh|go|py)$/.test(path) && !exempt.includes(path));
    const long = sources.flatMap((path) => {
      const lines = readFileSync(join(root, path), "utf8").trimEnd().split("\n").length;
      return lines > 250 ? [`${path} has ${lines} lines`] : [];
    });
    assert.deepEqual(long, []);
  });
});
