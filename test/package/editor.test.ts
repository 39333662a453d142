// The task as its editor shows it: order, groups and visibility for each action, so that a change of it is seen.
import assert from "node:assert/strict";
import { editor, firstSight } from "./editor.ts";
import { textOf } from "./manifests.ts";

const actions = ["run", "create", "remove", "sweep", "check"] as const;

describe("The task's editor", () => {
  it("looks as test/package/editor.txt shows it (UPDATE_EDITOR=1 writes that anew)", () => {
    const shown = actions.map((action) => editor(action)).join("\n");
    assert.equal(shown, textOf("test/package/editor.txt"));
  });

  for (const action of actions)
    it(`shows at most 12 inputs at first sight for ${action}`, () => {
      assert.ok(firstSight(action).length <= 12, firstSight(action).join(", "));
    });

  it("begins with what every action needs", () => {
    for (const action of actions)
      assert.deepEqual(firstSight(action).slice(0, 4), [
        "action",
        "connectedServiceNameARM",
        "resourceGroupName",
        "agentPool",
      ]);
  });

  it("shows the predecessor's inputs only where they are set", () => {
    for (const action of actions) assert.doesNotMatch(editor(action), /useGlobalConfig/);
    assert.match(editor("run", { useGlobalConfig: "true" }), /useGlobalConfig/);
  });
});
