import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { repository } from "../../scripts/build/bundle.ts";
import { architectureDiagram } from "../../scripts/pictures/architecture.ts";
import { textOf } from "../package/manifests.ts";

describe("The page of the architecture", () => {
  it("names only files and folders that exist", () => {
    const named = [...textOf("docs/architecture.md").matchAll(/`((?:\w[\w.-]*\/)+[\w.-]*)`/g)].map(
      ([, path = ""]) => path,
    );
    assert.ok(named.length > 40);
    assert.deepEqual(
      named.filter((path) => !existsSync(join(repository, path))),
      [],
    );
  });

  for (const theme of ["light", "dark"] as const) {
    it(`has the ${theme} picture that its text describes (npm run pictures -- architecture draws it)`, () => {
      assert.equal(textOf(`images/architecture-${theme}.svg`), architectureDiagram(theme));
    });
  }
});
