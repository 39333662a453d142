import assert from "node:assert/strict";
import { shippedRoles } from "../../simulator/arm/authorization/shipped-roles.ts";
import { type Simulator, startSimulator } from "../../simulator/start-simulator.ts";
import { stepIn } from "../task/harness/in-simulator.ts";
import { runTask, type TaskRun } from "../task/harness/run-task.ts";
import { freshPrefix, newRun, quickAzure } from "./rights.ts";

describe("with the shipped roles and nothing else", () => {
  let simulator: Simulator;
  before(async () => {
    simulator = await startSimulator({ azure: quickAzure });
    simulator.organization.addPlaceholder(simulator.ready.pool);
  });
  after(() => simulator.stop());

  const task = (inputs: Readonly<Record<string, string>>) => runTask(stepIn(simulator, inputs).start);

  const succeeds: Readonly<Record<string, () => Promise<TaskRun[]>>> = {
    run: async () => {
      const { start, queueJob } = stepIn(simulator, { action: "run" });
      queueJob("echo deployed", ["EphemeralAgent"]);
      return [await runTask(start)];
    },
    "create and remove": async () => {
      const { run, start, queueJob } = stepIn(simulator, { action: "create" });
      const created = await runTask(start);
      queueJob("echo deployed", [`EphemeralAgent.Run -equals ${run.id}`]);
      return [created, await runTask(stepIn(simulator, { action: "remove" }, { run }).start)];
    },
    "create, outside any network": async () => [
      await task({ action: "create", subnetId: "", timeoutAgentOnline: "0", agentPrefix: "public" }),
    ],
    sweep: async () => [await task({ action: "sweep" })],
  };

  it("every action of the task works", async () => {
    await Promise.all(
      Object.entries(succeeds).map(async ([what, steps]) => {
        for (const { result, log } of await steps()) assert.match(result, /^succeeded/, `${what}:\n${log}`);
      }),
    );
  });

  it("a failed container group can be kept, and its log shown", async () => {
    const agentPrefix = freshPrefix();
    simulator.arm.inject("crashes-at-start", { group: new RegExp(`^${agentPrefix}`) });
    const { issues, log } = await task({ action: "run", agentPrefix, skipContainerDeletionOnError: "true" });
    assert.deepEqual(
      issues.filter(({ type }) => type === "error").map(({ code }) => code),
      ["EA601"],
    );
    assert.match(log, /fatal: cannot start/);
    assert.match(log, /stopped and kept for debugging/);
  });

  it("Azure refused none of these requests, and each action of the roles was needed for one", () => {
    const { containerGroups, network } = shippedRoles(simulator.ready.subscriptionId);
    const { demands } = simulator.arm.access;
    assert.deepEqual(
      demands.filter(({ allowed }) => !allowed),
      [],
    );
    const taken = new Set(demands.map(({ action }) => action));
    assert.deepEqual([...taken].sort(), [...containerGroups.Actions, ...network.Actions].sort());
    const strange = simulator.requests.entries.filter(
      ({ site, status = 0 }) => site === "arm" && (status === 501 || status === 401 || status === 403),
    );
    assert.deepEqual(strange, []);
  });
});

describe("the role in the agent pool", () => {
  let simulator: Simulator;
  before(async () => {
    simulator = await startSimulator({ azure: quickAzure });
  });
  after(() => simulator.stop());

  for (const poolRole of ["User", "Reader"] as const) {
    it(`must be Administrator: as ${poolRole} the job's token registers nothing, and the task says what to press`, async () => {
      const run = newRun(simulator);
      const { token: jobToken } = simulator.organization.issueJobToken({ run, poolRole });
      const { start } = stepIn(simulator, { action: "create" }, { run, jobToken });
      const { result, issues } = await runTask(start);
      assert.equal(result, "failed");
      const { message } = issues.find(({ code }) => code === "EA502") ?? assert.fail("EA502 is not told");
      assert.match(message, /Agent pools > the pool > Security/);
      assert.deepEqual(simulator.leftBehind(), { agents: [], containerGroups: [] });
    });
  }

  it("is enough as Administrator", async () => {
    const run = newRun(simulator);
    const { token: jobToken } = simulator.organization.issueJobToken({ run, poolRole: "Administrator" });
    const inputs = { action: "create", timeoutAgentOnline: "0" };
    const { result, log } = await runTask(stepIn(simulator, inputs, { run, jobToken }).start);
    assert.equal(result, "succeeded", log);
  });
});
