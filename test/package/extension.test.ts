import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { repository } from "../../scripts/build/bundle.ts";
import { largestPackage, packageContent, packageProblems } from "../../scripts/package/extension-content.ts";
import { extensionManifest as extension, taskManifest as task, textOf } from "./manifests.ts";

/** Width and height of a PNG, from its first chunk. */
function sizeOf(png: string): [width: number, height: number] {
  const content = readFileSync(join(repository, png));
  assert.equal(content.toString("latin1", 1, 4), "PNG", `${png} is a PNG`);
  return [content.readUInt32BE(16), content.readUInt32BE(20)];
}

describe("The extension's manifest", () => {
  it("has the version of everything else", () => {
    const { Major, Minor, Patch } = task.version;
    const { version } = JSON.parse(textOf("package.json"));
    const locked = JSON.parse(textOf("package-lock.json"));
    const latest = /^## (\S+)/m.exec(textOf("CHANGELOG.md"))?.[1];
    assert.deepEqual(
      [extension.version, `${Major}.${Minor}.${Patch}`, locked.version, locked.packages[""].version, latest],
      Array(5).fill(version),
    );
  });

  it("keeps to what the Marketplace takes", () => {
    assert.match(extension.id, /^[A-Za-z0-9-]+$/);
    assert.ok(extension.name.length <= 200);
    assert.ok(extension.description.length <= 200);
    assert.deepEqual(
      extension.contributions.map(({ properties }) => properties.name),
      ["EphemeralAgentTask", "Ephemeral agents"],
    );
  });

  it("asks for the right to read runs alone, for the tab: a task uses the rights of its job", () => {
    assert.deepEqual(extension.scopes, ["vso.build"]);
  });

  it("has icons of the sizes that are shown", () => {
    assert.deepEqual(sizeOf("EphemeralAgentTask/icon.png"), [32, 32]);
    assert.deepEqual(sizeOf(extension.icons.default ?? ""), [128, 128]);
    assert.match(textOf("EphemeralAgentTask/icon.svg"), /^<svg [^>]*viewBox="0 0 32 32"/);
  });
});

describe("The extension's package", () => {
  it("would be refused with a file too many, a file too few, or too large", () => {
    assert.deepEqual(packageProblems(packageContent, largestPackage), []);
    assert.match(packageProblems([...packageContent, "src/main.ts"], 1).join(), /also holds src\/main\.ts/);
    assert.match(packageProblems(packageContent.slice(1), 1).join(), /lacks CHANGELOG\.md/);
    assert.match(packageProblems(packageContent, largestPackage + 1).join(), /more than/);
  });

  it("has screenshots of the size that the Marketplace shows", () => {
    assert.ok(extension.screenshots.length >= 3);
    for (const { path } of extension.screenshots) assert.deepEqual(sizeOf(path), [1366, 768], path);
  });
});
