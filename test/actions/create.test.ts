import assert from "node:assert/strict";
import { codeOf, Scenario } from "./in-memory-step.ts";

describe("create", () => {
  it("returns once the agent is online and hands it over", async () => {
    const s = new Scenario();
    const step = s.step("create");
    assert.equal(codeOf(await s.finish(step)), "succeeded");
    assert.equal([...s.world.records.values()][0]?.online, true);
    assert.deepEqual(step.task.open, [], "its post-job step must not remove what the next job needs");
    assert.match(step.task.outputs.ImageIdOutput ?? "", /^\/groups\/eph-101-/);
  });

  it("does not wait at all when timeoutAgentOnline is 0", async () => {
    const s = new Scenario();
    const began = s.clock.now();
    assert.equal(codeOf(await s.finish(s.step("create", { onlineMs: 0 }))), "succeeded");
    assert.equal(s.clock.now(), began);
    assert.equal(s.world.groups.size, 1);
  });

  it("removes everything when one of several cannot be made", async () => {
    const s = new Scenario();
    s.world.behaviour.fate = "crashes";
    assert.equal(codeOf(await s.finish(s.step("create", { agentCount: 2 }))), "EA601");
    assert.deepEqual(s.left, []);
  });

  it("refuses a pool that drops the capabilities, and leaves nothing in it", async () => {
    const s = new Scenario();
    s.world.pool.setCapabilities = async () => undefined;
    assert.equal(codeOf(await s.finish(s.step("create"))), "EA506");
    assert.deepEqual(s.left, []);
  });

  it("finds a credential that is not accepted before a container is paid for", async () => {
    const s = new Scenario();
    s.world.pool.tryCredential = async () => {
      throw new Error("invalid_client");
    };
    assert.equal(codeOf(await s.finish(s.step("create"))), "EA505");
    assert.deepEqual(s.left, []);
  });
});
