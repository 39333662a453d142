import assert from "node:assert/strict";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { repository } from "../../scripts/build/bundle.ts";

const folder = join(repository, "dist/results-tab");

describe("The tab's files", () => {
  it("are together smaller than 100 kB", () => {
    const bytes = readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
    assert.ok(bytes > 0 && bytes < 100_000, `${bytes} bytes`);
  });

  it("let nothing run or load that is not theirs", () => {
    const page = readFileSync(join(folder, "index.html"), "utf8");
    const [, policy = ""] = /content="(default-src [^"]+)"/.exec(page) ?? [];
    assert.match(policy, /^default-src 'none'; script-src 'self'; style-src 'self';/);
    assert.doesNotMatch(policy, /unsafe/);
    assert.doesNotMatch(readFileSync(join(folder, "tab.js"), "utf8"), /\beval\(|innerHTML/);
  });
});
