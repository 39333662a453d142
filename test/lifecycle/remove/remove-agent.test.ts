import assert from "node:assert/strict";
import { codeOf, Scenario } from "../../actions/in-memory-step.ts";

describe("Clean-up by name", () => {
  it("leaves alone an agent of the same name that somebody else made", async () => {
    const s = new Scenario();
    const register = s.world.pool.register;
    s.world.pool.register = (definition) => {
      s.world.addRecord(definition.name, { Team: "blue" });
      return register(definition);
    };
    assert.equal(codeOf(await s.finish(s.step("create"))), "EA503");
    assert.equal(s.world.records.size, 1, "the other agent must still be there");
    assert.equal([...s.world.records.values()][0]?.enabled, true);
  });
});
