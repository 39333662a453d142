// npm run build: dist/EphemeralAgentTask, exactly the folder that an agent gets, and dist/results-tab.
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { bundle, repository } from "./build/bundle.ts";
import { buildResultsTab } from "./build/results-tab.ts";
import { bundledPackages, harmfulDuplicates, licenseText } from "./build/third-party-licenses.ts";

const source = join(repository, "EphemeralAgentTask");
const target = join(repository, "dist/EphemeralAgentTask");

const { scripts, legalComments, metafile } = await bundle({
  index: join(source, "src/main.ts"),
  postjob: join(source, "src/postjob.ts"),
});
const packages = bundledPackages(metafile);
const duplicates = harmfulDuplicates(packages);
if (duplicates.length > 0) throw new Error(`Bundled twice, from different places:\n${duplicates.join("\n")}`);

const files = new Map<string, Uint8Array>([
  ...scripts,
  ...["task.json", "icon.png", "icon.svg"].map((name) => [name, readFileSync(join(source, name))] as const),
  ["third-party-licenses.txt", Buffer.from(licenseText(repository, packages, legalComments))],
]);

mkdirSync(target, { recursive: true });
for (const name of readdirSync(target)) if (!files.has(name)) rmSync(join(target, name), { recursive: true });
for (const [name, content] of files) writeWhenChanged(join(target, name), content);
// The repository is an ES module package and the bundles are not; an installed task has no package.json above it.
writeWhenChanged(join(repository, "dist/package.json"), Buffer.from('{ "type": "commonjs" }\n'));

await buildResultsTab();

/** Replaces the file at once, so that a task which is just being started never sees half of it. */
function writeWhenChanged(path: string, content: Uint8Array): void {
  if (readIfThere(path)?.equals(content)) return;
  const partial = `${path}.${process.pid}`;
  writeFileSync(partial, content);
  renameSync(partial, path);
}

function readIfThere(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}
