// What a step ends with when Azure does not let it delete a container group.
import assert from "node:assert/strict";
import { sweep } from "../../../EphemeralAgentTask/src/actions/sweep.ts";
import { ServiceFault } from "../../../EphemeralAgentTask/src/ports.ts";
import { codeOf, Scenario, type Step } from "../../actions/in-memory-step.ts";
import { MemoryTask } from "../../in-memory/memory-task-host.ts";
import { identity, settings } from "../../in-memory/valid-settings.ts";

function swept(s: Scenario): Step {
  const task = new MemoryTask();
  const ports = { clock: s.clock, task, host: s.world.host, pool: s.world.pool, run: s.world.run };
  const options = { ...settings(), run: identity("202"), minimumAgeMs: 0, dryRun: false };
  return { task, end: sweep(ports, options).catch((thrown: unknown) => ({ thrown })) };
}

const scope = "/subscriptions/s/resourceGroups/rg-agents";
const locked = new ServiceFault(
  "Azure",
  "ScopeLocked",
  `The scope '${scope}/eph' cannot perform delete operation because following scope(s) are locked: '${scope}'. Please remove the lock and try again.`,
  { status: 409 },
);

describe("When a lock of Azure keeps the container group", () => {
  function scenario(): Scenario {
    const s = new Scenario();
    s.world.host.remove = async () => {
      throw locked;
    };
    return s;
  }

  it("the deployment was good: the step warns with the scope, stops the container, and succeeds", async () => {
    const s = scenario();
    s.world.placeholder();
    s.world.queue({ runId: "101" });
    const step = s.step("run");
    assert.equal(codeOf(await s.finish(step)), "succeeded");
    assert.match(
      step.task.warnings.join("\n"),
      /^EA218 [\s\S]*rg-agents' cannot|^EA218 [\s\S]*locked: '\/subscriptions/m,
    );
    assert.deepEqual(step.task.errors, []);
    assert.deepEqual(step.task.open, [], "the post-job step must not try again");
    assert.equal([...s.world.groups.values()][0]?.container?.state, "Terminated");
    assert.equal(s.world.records.size, 1, "the placeholder");
  });

  it("a sweep ends with the warning, once", async () => {
    const s = scenario();
    await s.finish(s.step("create"));
    s.world.over.add("101");
    const end = await s.finish(swept(s));
    assert.ok("code" in end);
    assert.deepEqual([end.result, end.code], ["succeededWithIssues", "EA218"]);
  });
});

describe("When Azure refuses to delete the container group", () => {
  const refusals = {
    RequestDisallowedByPolicy: "Resource 'eph' was disallowed by policy. Policy identifiers: '[]'.",
    DenyAssignmentAuthorizationFailed: "The client has permission, but a deny assignment forbids the deletion.",
    ReadOnlyDisabledSubscription: "The subscription is disabled and therefore marked as read only.",
  };
  for (const [code, message] of Object.entries(refusals)) {
    it(`with ${code}, the deployment was good: the step warns, once, stops the container, and succeeds`, async () => {
      const s = new Scenario();
      s.world.host.remove = async () => {
        throw new ServiceFault("Azure", code, message, { status: code.startsWith("Read") ? 409 : 403 });
      };
      s.world.placeholder();
      s.world.queue({ runId: "101" });
      const step = s.step("run");
      assert.equal(codeOf(await s.finish(step)), "succeeded");
      const told = step.task.warnings.filter((one) => !one.startsWith("EA304"));
      assert.equal(told.length, 1);
      assert.match(told[0] ?? "", /^EA806 [\s\S]*container group 'eph-\S+' stays\. /);
      assert.ok(told[0]?.includes(message.slice(0, 30)), told[0]);
      assert.deepEqual(step.task.errors, []);
      assert.equal([...s.world.groups.values()][0]?.container?.state, "Terminated");
    });
  }

  it("because its resource group is being deleted, nothing is left to do", async () => {
    const s = new Scenario();
    s.world.host.remove = async () => {
      const message = "The resource group 'rg-agents' is being deleted.";
      throw new ServiceFault("Azure", "ResourceGroupBeingDeleted", message, { status: 409 });
    };
    s.world.placeholder();
    s.world.queue({ runId: "101" });
    const step = s.step("run");
    assert.equal(codeOf(await s.finish(step)), "succeeded");
    assert.deepEqual(step.task.errors, []);
    assert.match(step.task.log, /container group goes with its resource group/);
  });
});
