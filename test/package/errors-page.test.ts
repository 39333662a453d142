import assert from "node:assert/strict";
import { catalogue } from "../../EphemeralAgentTask/src/errors.ts";
import { errorsPage } from "../../scripts/errors-page.ts";
import { textOf } from "./manifests.ts";

describe("The page of errors", () => {
  it("has the errors that the task knows (npx tsx scripts/errors-page.ts mends it)", () => {
    assert.equal(textOf("docs/errors.md"), errorsPage());
  });

  it("would be found out of date", () => {
    const more = { ...catalogue, EA299: { title: "The sky is green.", next: "Look again." } };
    assert.notEqual(textOf("docs/errors.md"), errorsPage(more));
  });

  it("tells of each code once, under a heading that can be linked to", () => {
    const headings = [...textOf("docs/errors.md").matchAll(/^### (.+)$/gm)].map(([, code]) => code);
    assert.deepEqual(headings, Object.keys(catalogue).toSorted());
  });

  it("shows what looks like markup as it is", () => {
    const page = errorsPage({ EA101: { title: "A <b> or a *star*.", next: "Set my_name." } });
    assert.match(page, /A \\<b> or a \\\*star\\\*\.\n\n\*\*Next step:\*\* Set my\\_name\.\n$/);
  });

  it("leaves no error out that belongs nowhere", () => {
    assert.throws(() => errorsPage({ EA001: { title: "x", next: "y" } }), /EA001 belongs to no group/);
  });
});
