import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { catalog } from "../../EphemeralAgentTask/src/errors/catalog.ts";
import { repository } from "../../scripts/build/bundle.ts";
import { errorsPage } from "../../scripts/docs/errors-page.ts";
import { textOf } from "../package/manifests.ts";

/** Every code that the text files of these folders name, with the first file that does. */
function codesIn(folders: readonly string[], but: RegExp = /^$/): Map<string, string> {
  const paths = folders.flatMap((folder) =>
    readdirSync(join(repository, folder), { recursive: true, encoding: "utf8" }).map((path) => `${folder}/${path}`),
  );
  const texts = paths.filter((path) => /\.(ts|mjs|md|sh|yml|json)$/.test(path) && !but.test(path));
  const named = texts.flatMap((path) =>
    (textOf(path).match(/\bEA\d{3}\b/g) ?? []).map((code) => [code, path] as const),
  );
  return new Map(named.toReversed());
}

describe("The codes of errors", () => {
  const known = Object.keys(catalog);

  it("are all said somewhere in the task", () => {
    const said = codesIn(["EphemeralAgentTask/src"], /\/src\/errors\/catalog(\.ts|\/)/);
    assert.deepEqual(
      known.filter((code) => !said.has(code)),
      [],
    );
  });

  it("are all in the catalogue, wherever the task or its documentation names one", () => {
    const named = codesIn([
      "EphemeralAgentTask",
      "docs",
      "samples",
      "templates",
      "agent-image",
      "results-tab",
      "scripts",
    ]);
    for (const page of ["README.md", "CHANGELOG.md", "overview.md"]) {
      for (const code of textOf(page).match(/\bEA\d{3}\b/g) ?? []) named.set(code, page);
    }
    assert.ok(named.size >= known.length);
    assert.deepEqual(
      [...named].filter(([code]) => !known.includes(code)),
      [],
    );
  });
});

describe("The page of errors", () => {
  it("has the errors that the task knows (npx tsx scripts/docs/errors-page.ts mends it)", () => {
    assert.equal(textOf("docs/errors.md"), errorsPage());
  });

  it("would be found out of date", () => {
    const more = { ...catalog, EA299: { title: "The sky is green.", next: "Look again." } };
    assert.notEqual(textOf("docs/errors.md"), errorsPage(more));
  });

  it("tells of each code once, under a heading that can be linked to", () => {
    const headings = [...textOf("docs/errors.md").matchAll(/^### (.+)$/gm)].map(([, code]) => code);
    assert.deepEqual(headings, Object.keys(catalog).toSorted());
  });

  it("shows what looks like markup as it is", () => {
    const page = errorsPage({ EA101: { title: "A <b> or a *star*.", next: "Set my_name." } });
    assert.match(page, /A \\<b> or a \\\*star\\\*\.\n\n\*\*Next step:\*\* Set my\\_name\.\n$/);
  });

  it("leaves no error out that belongs nowhere", () => {
    assert.throws(() => errorsPage({ EA001: { title: "x", next: "y" } }), /EA001 belongs to no group/);
  });
});
