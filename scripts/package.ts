// npm run package: dist/*.vsix from what `npm run build` left in dist. CONTRIBUTING.md and docs/publish.md tell the options.
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { repository } from "./build/bundle.ts";
import { packageProblems } from "./package/extension-content.ts";
import { withHelpLinks, withVersion } from "./package/help-links.ts";
import { itemPage, type Manifest, manifestFor } from "./package/manifest.ts";
import { Misuse, type PackageOptions, packageOptions } from "./package/options.ts";
import { marketplacePage } from "./package/overview.ts";
import { zipEntries } from "./package/zip-entries.ts";

const dist = join(repository, "dist");
// tfx checks the task where the manifest says it is, so the extension is laid out as it will be installed.
const staging = join(dist, "extension");

const read = (path: string): string => readFileSync(path, "utf8");
const writeJson = (path: string, content: unknown): void =>
  writeFileSync(path, `${JSON.stringify(content, undefined, 2)}\n`);

function layOut(options: PackageOptions): void {
  const manifest = manifestFor<Manifest>(JSON.parse(read(join(repository, "vss-extension.json"))), options);
  const { files, content, screenshots } = manifest;
  rmSync(staging, { recursive: true, force: true });
  for (const { path } of [...files, ...screenshots, ...Object.values(content)]) {
    const built = path.startsWith("EphemeralAgentTask/") || path.startsWith("results-tab/");
    const from = built ? join(dist, path) : join(repository, path);
    mkdirSync(dirname(join(staging, path)), { recursive: true });
    cpSync(from, join(staging, path));
  }
  writeJson(join(staging, "vss-extension.json"), manifest);
  const overview = join(staging, "overview.md");
  writeFileSync(overview, marketplacePage(read(overview), options.repository));
  const task = join(staging, "EphemeralAgentTask/task.json");
  const linked = withHelpLinks(JSON.parse(read(task)), {
    repository: options.repository,
    itemPage: itemPage(manifest),
  });
  writeJson(task, withVersion(linked, manifest.version));
}

/** @throws on anything that tfx finds wrong; on a broken task.json it only warns and exits 0 */
function pack(): string {
  const options = ["--root", staging, "--manifests", "vss-extension.json", "--output-path", dist];
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(repository, "node_modules/tfx-cli/_build/tfx-cli.js"), "extension", "create", ...options, "--output", "json"],
    { encoding: "utf8", env: { ...process.env, NO_COLOR: "1" } },
  );
  const said = `${stderr}${stdout}`;
  if (status !== 0 || /\bwarning\b/i.test(said)) throw new Error(`tfx is not content:\n${said}`);
  return JSON.parse(stdout.slice(stdout.indexOf("{"))).path;
}

/** @returns the exit code */
function main(): number {
  try {
    const options = packageOptions(process.argv.slice(2));
    for (const name of readdirSync(dist)) if (name.endsWith(".vsix")) rmSync(join(dist, name));
    layOut(options);
    const path = pack();
    const archive = readFileSync(path);
    const problems = packageProblems(zipEntries(archive), archive.length);
    if (problems.length > 0) throw new Error(`${path} is not as it should be.\n${problems.join("\n")}`);
    console.log(`${path}: ${archive.length} bytes`);
    return 0;
  } catch (error) {
    if (!(error instanceof Misuse)) throw error;
    console.error(error.message);
    return 2;
  }
}

process.exitCode = main();
