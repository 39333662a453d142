// npm run package: dist/*.vsix from what `npm run build` left in dist/EphemeralAgentTask.
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { repository } from "./bundle.ts";
import { forMarketplace, packageProblems } from "./extension.ts";
import { zipEntries } from "./zip-entries.ts";

const dist = join(repository, "dist");
// tfx checks the task where the manifest says it is, so the extension is laid out as it will be installed.
const staging = join(dist, "extension");

interface Manifest {
  readonly files: readonly { readonly path: string }[];
  readonly content: Readonly<Record<string, { readonly path: string }>>;
}

function layOut(): void {
  const manifest: Manifest = JSON.parse(readFileSync(join(repository, "vss-extension.json"), "utf8"));
  const paths = [...manifest.files, ...Object.values(manifest.content)].map(({ path }) => path);
  rmSync(staging, { recursive: true, force: true });
  for (const path of ["vss-extension.json", ...paths]) {
    const built = path.startsWith("EphemeralAgentTask/") || path.startsWith("results-tab/");
    const from = built ? join(dist, path) : join(repository, path);
    mkdirSync(dirname(join(staging, path)), { recursive: true });
    cpSync(from, join(staging, path));
  }
  writeFileSync(join(staging, "README.md"), forMarketplace(readFileSync(join(staging, "README.md"), "utf8")));
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

for (const name of readdirSync(dist)) if (name.endsWith(".vsix")) rmSync(join(dist, name));
layOut();
const path = pack();
const archive = readFileSync(path);
const problems = packageProblems(zipEntries(archive), archive.length);
if (problems.length > 0) throw new Error(`${path} is not as it should be.\n${problems.join("\n")}`);
console.log(`${path}: ${archive.length} bytes`);
