// What is said of a container group that is not there: only one that was seen can have been deleted by somebody else.
import assert from "node:assert/strict";
import { deleteGroup } from "../../../EphemeralAgentTask/src/lifecycle/remove/delete-container-group.ts";
import { type Ports, patientContext } from "../../../EphemeralAgentTask/src/lifecycle/step/step-context.ts";
import { codeOf, Scenario } from "../../actions/in-memory-step.ts";
import { MemoryTask } from "../../in-memory/memory-task-host.ts";

describe("A container group that is not there", () => {
  function context(s: Scenario) {
    const { clock, world } = s;
    const task = new MemoryTask();
    const ports: Ports = { clock, task, host: world.host, pool: world.pool, run: world.run };
    return { task, context: patientContext(ports, clock.now()) };
  }

  it("is not said to be deleted when none was ever seen", async () => {
    const s = new Scenario();
    const { task, context: at } = context(s);
    await s.clock.run(deleteGroup(at, "eph-101-never"));
    assert.match(task.log, /eph-101-never: no container group to delete$/m);
    assert.doesNotMatch(task.log, /was already deleted/);
  });

  it("was deleted by somebody else when it was seen before", async () => {
    const s = new Scenario();
    s.world.placeholder();
    const { task, context: at } = context(s);
    const step = s.step("create");
    assert.equal(codeOf(await s.finish(step)), "succeeded");
    const [name = ""] = s.world.groups.keys();
    assert.ok(await at.host.get(name));
    s.world.groups.delete(name);
    await s.clock.run(deleteGroup(at, name));
    assert.match(task.log, /: container group was already deleted$/m);
  });
});
