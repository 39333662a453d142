// The commands of package.json build first, and two of them may run at the same time.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { writeFolder } from "../../../scripts/build/output-folder.ts";

const outputFolder = new URL("../../../scripts/build/output-folder.ts", import.meta.url).href;

/** A build that writes the same two files again and again, each of one letter, which is another one each time. */
const builder = `
  import { writeFolder } from ${JSON.stringify(outputFolder)};
  const [folder, first] = process.argv.slice(1);
  for (let round = 0; round < 60; round++) {
    const letter = String.fromCharCode(first.charCodeAt(0) + (round % 5));
    writeFolder(folder, new Map(["tab.js", "tab.css"].map((name) => [name, Buffer.from(letter.repeat(20_000))])));
  }
`;

describe("Builds at the same time", () => {
  let parent: string;
  beforeEach(() => {
    parent = mkdtempSync(join(tmpdir(), "builds-"));
  });
  afterEach(() => rmSync(parent, { recursive: true }));

  it("do not disturb each other, and leave whole files alone", async () => {
    const folder = join(parent, "results-tab");
    const build = (first: string) =>
      promisify(execFile)(process.execPath, ["--import", "tsx", "--input-type=module", "-e", builder, folder, first]);
    await Promise.all(["A", "F", "a", "f"].map(build));
    assert.deepEqual(readdirSync(parent), ["results-tab"]);
    assert.deepEqual(readdirSync(folder).sort(), ["tab.css", "tab.js"]);
    for (const name of readdirSync(folder)) assert.match(readFileSync(join(folder, name), "utf8"), /^(.)\1{19999}$/);
  });

  it("remove what is no longer made", () => {
    const folder = join(parent, "task");
    mkdirSync(join(folder, "old"), { recursive: true });
    writeFileSync(join(folder, "old.js"), "");
    writeFolder(folder, new Map([["index.js", Buffer.from("new")]]));
    assert.deepEqual(readdirSync(folder), ["index.js"]);
  });
});
