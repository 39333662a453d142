// Many agents of one step are not looked at as often as one.
import assert from "node:assert/strict";
import { Scenario } from "../actions/scenario.ts";

describe("The looks at the agents of one step", () => {
  it("are no more than ten a second for all of them, and a few at each in a minute", async () => {
    const s = new Scenario();
    s.world.behaviour.bootMs = 60_000;
    let looks = 0;
    const { get } = s.world.pool;
    s.world.pool.get = (id) => {
      looks += 1;
      return get(id);
    };
    const agentCount = 50;
    const step = s.step("create", { agentCount });
    await s.clock.pass(10_000);
    looks = 0;
    await s.clock.pass(30_000);
    assert.ok(looks >= agentCount * 4, `${looks} looks in 30 s`);
    assert.ok(looks <= 330, `${looks} looks in 30 s`);
    assert.deepEqual(await s.finish(step), { result: "succeeded" });
  });
});
