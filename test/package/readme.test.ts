import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { repository } from "../../scripts/bundle.ts";
import { withTables } from "../../scripts/inputs-table.ts";
import { taskManifest, textOf } from "./manifests.ts";

const pages = [
  "README.md",
  "CONTRIBUTING.md",
  "CHANGELOG.md",
  "samples/README.md",
  "docs/live-smoke-test.md",
  "docs/ways-in.md",
  "docs/errors.md",
  "docs/services.md",
  "docs/set-up-guide.md",
  "samples/roles/README.md",
];

describe("The README", () => {
  it("has the inputs and outputs that task.json declares (npx tsx scripts/inputs-table.ts mends it)", () => {
    assert.equal(textOf("README.md"), withTables(textOf("README.md"), taskManifest));
  });

  it("would be found out of date", () => {
    const other = { ...taskManifest, outputVariables: [{ name: "colour", description: "of the agent" }] };
    assert.notEqual(textOf("README.md"), withTables(textOf("README.md"), other));
  });
});

/** The anchors of a page, as they are made of its headings. */
const anchorsOf = (path: string) =>
  [...textOf(path).matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-"),
  );

describe("The documentation", () => {
  for (const page of pages) {
    it(`links from ${page} only to what there is`, () => {
      const links = [...textOf(page).matchAll(/\]\((?!https?:)([^)]+)/g)].map(([, link = ""]) => link.split("#"));
      const broken = links.filter(([path = "", anchor]) => {
        const target = path === "" ? page : join(page, "..", path);
        if (!existsSync(join(repository, target))) return true;
        return anchor !== undefined && !anchorsOf(target).includes(anchor);
      });
      assert.deepEqual(broken, []);
    });
  }
});
