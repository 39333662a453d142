// The package as somebody builds it for a publisher of their own: what is in its manifests, its page and its task.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import JSZip from "jszip";
import { repository } from "../../scripts/build/bundle.ts";
import type { TaskManifest } from "../../scripts/build/task-manifest.ts";
import { largestPackage, packageContent } from "../../scripts/package/extension-content.ts";
import { zipEntries } from "../../scripts/package/zip-entries.ts";
import { deadText } from "../docs/dead-text.ts";

const dist = join(repository, "dist");

const run = (...args: readonly string[]) =>
  spawnSync(process.execPath, ["--import", "tsx", "scripts/package.ts", ...args], {
    cwd: repository,
    encoding: "utf8",
  });

interface Package {
  readonly name: string;
  readonly archive: Buffer;
  text(path: string): Promise<string>;
}

async function packaged(...args: readonly string[]): Promise<Package> {
  const { status, stderr } = run(...args);
  assert.equal(status, 0, stderr);
  const [name = "", ...others] = readdirSync(dist).filter((file) => file.endsWith(".vsix"));
  assert.deepEqual(others, []);
  const archive = readFileSync(join(dist, name));
  const zip = await JSZip.loadAsync(archive);
  return { name, archive, text: async (path) => (await zip.file(path)?.async("text")) ?? assert.fail(path) };
}

const url = "https://github.com/contoso/ephemeral-agents";

describe("The package of a publisher with a repository", () => {
  let made: Package;
  let manifest: string;
  before(async () => {
    made = await packaged("--publisher", "contoso", "--repository", `${url}.git`, "--version", "1.2.345");
    manifest = await made.text("extension.vsixmanifest");
  });

  it("is made offline, of exactly the files that belong into it, and is small", () => {
    assert.equal(made.name, "contoso.ephemeral-agents-1.2.345.vsix");
    assert.deepEqual(zipEntries(made.archive), packageContent);
    assert.ok(made.archive.length < largestPackage);
  });

  it("carries publisher and version in its manifest, and is public", () => {
    assert.match(manifest, / Id="ephemeral-agents" Publisher="contoso" Version="1\.2\.345"/);
    assert.match(manifest, /<GalleryFlags>[^<]*Public/);
  });

  it("carries the repository, help, issues, badges, screenshots and changes", () => {
    for (const part of [
      `Services.Links.GitHub" Value="${url}"`,
      `Services.Links.Getstarted" Value="${url}/blob/main/docs/set-up-guide.md"`,
      `Services.Links.Issues" Value="${url}/issues"`,
      `Services.CustomerQnALink" Value="${url}/issues"`,
      "Services.Branding.Color",
      'Link="https://marketplace.visualstudio.com/items?itemName=contoso.ephemeral-agents"',
      "Services.Screenshots.3",
      'Services.Content.Changelog" d:Source="File" Path="CHANGELOG.md"',
      'Services.Content.Details" d:Source="File" Path="overview.md"',
    ])
      assert.ok(manifest.includes(part), part);
  });

  it("has a task of the same version, each of whose inputs leads to its place in the documentation", async () => {
    const task: TaskManifest = JSON.parse(await made.text("EphemeralAgentTask/task.json"));
    assert.deepEqual(task.version, { Major: 1, Minor: 2, Patch: 345 });
    const links = task.inputs.map(({ helpMarkDown }) => /\]\((\S+)\)$/.exec(helpMarkDown)?.[1]);
    assert.equal(new Set(links).size, task.inputs.length);
    for (const link of links) assert.ok(link?.startsWith(`${url}/blob/main/docs/inputs.md#`), link);
    assert.ok(links.includes(`${url}/blob/main/docs/inputs.md#azuresubscription`));
  });

  it("has a page without dead text, whose links lead to the repository and whose pictures are in the package", async () => {
    const page = await made.text("overview.md");
    assert.deepEqual(deadText(page, packageContent), []);
    for (const [, picture] of page.matchAll(/!\[[^\]]*\]\(([^)]*)\)/g))
      assert.ok(manifest.includes(`<Asset Type="${picture}"`), `the Marketplace finds ${picture} by its path`);
    assert.ok(page.includes(`](${url}/blob/main/docs/set-up-guide.md)`));
  });
});

describe("The private preview of a publisher without a repository", () => {
  let made: Package;
  before(async () => {
    made = await packaged("--publisher", "fabrikam", "--preview");
  });

  it("is an extension of its own that only those see who it is shared with", async () => {
    const manifest = await made.text("extension.vsixmanifest");
    assert.match(manifest, / Id="ephemeral-agents-preview" Publisher="fabrikam" Version="/);
    assert.match(manifest, /<GalleryFlags>Preview</);
    assert.ok(!manifest.includes("Links.GitHub"));
  });

  it("has a page without dead text, and help that leads to its page in the Marketplace", async () => {
    assert.deepEqual(deadText(await made.text("overview.md"), packageContent), []);
    const task: TaskManifest = JSON.parse(await made.text("EphemeralAgentTask/task.json"));
    const item = "https://marketplace.visualstudio.com/items?itemName=fabrikam.ephemeral-agents-preview";
    for (const { helpMarkDown } of task.inputs) assert.ok(helpMarkDown.endsWith(`](${item})`), helpMarkDown);
  });
});

describe("npm run package", () => {
  for (const [args, said] of [
    [["--publisher", "not an id"], /The publisher 'not an id' is not an id/],
    [["--repository", "contoso"], /The repository 'contoso' is not an https address/],
    [["--version", "1.0"], /The version '1.0' is not X\.Y\.Z/],
    [["--publish"], /npm run package -- \[--publisher NAME\]/],
  ] as const)
    it(`refuses ${args.join(" ")}, and says what it takes`, () => {
      const { status, stderr } = run(...args);
      assert.equal(status, 2);
      assert.match(stderr, said);
    });
});
