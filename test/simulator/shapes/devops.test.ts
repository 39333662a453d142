// What the simulated Azure DevOps answers has the shape of what the service answered.
import assert from "node:assert/strict";
import { openStand, type Stand } from "../devops/fixture/organization-fixture.ts";
import { stale, unexpected } from "./allowed.ts";
import { Looks } from "./looks.ts";
import { organization } from "./scenes/organization.ts";
import { runs } from "./scenes/runs.ts";
import { keyOf, readShapes } from "./shape.ts";

const shapes = readShapes("devops-shapes.jsonl");

describe("an answer of Azure DevOps", () => {
  const looks = new Looks(shapes);
  let stand: Stand;
  before(async () => {
    stand = await openStand();
    await organization(stand, looks);
    await runs(stand, looks);
  });
  after(() => stand.close());

  for (const key of shapes.map(keyOf)) {
    it(`is as recorded: ${key}`, () => {
      const found = looks.found(key);
      assert.ok(found, "nobody looked at it");
      assert.deepEqual(unexpected(key, found), []);
    });
  }

  it("differs in nothing that is no longer different", () => {
    assert.deepEqual(
      stale(shapes.map(keyOf), (key) => looks.found(key)),
      [],
    );
  });
});
