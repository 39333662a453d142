// npm run build: dist/EphemeralAgentTask, exactly the folder that an agent gets, and dist/results-tab.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { bundle, repository } from "./build/bundle.ts";
import { replaceFile, writeFolder } from "./build/output-folder.ts";
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

writeFolder(target, files);
// The repository is an ES module package and the bundles are not; an installed task has no package.json above it.
replaceFile(join(repository, "dist/package.json"), Buffer.from(`{ "type": "commonjs" }\n`));

await buildResultsTab();
