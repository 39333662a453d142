import assert from "node:assert/strict";
import { shippedRoles } from "../../simulator/arm/authorization/shipped-roles.ts";
import { type Simulator, startSimulator } from "../../simulator/start-simulator.ts";
import type { TaskRun } from "../task/harness/run-task.ts";
import { removeRecords } from "./records.ts";
import { assignedAt, creating, freshPrefix, newRun, quickAzure, type Restricted, restricted } from "./rights.ts";

type Scenario = (principal: Restricted, simulator: Simulator) => Promise<TaskRun>;

const aci = "Microsoft.ContainerInstance/containerGroups";
const network = "Microsoft.Network/virtualNetworks";

/** Lets every container of the groups with this prefix fail at once. */
function failing(simulator: Simulator): string {
  const prefix = freshPrefix();
  simulator.arm.inject("crashes-at-start", { group: new RegExp(`^${prefix}`) });
  return prefix;
}

/** For every action of the shipped roles, something the task cannot do without it. */
const needs: Readonly<Record<string, readonly [cannot: string, scenario: Scenario]>> = {
  [`${aci}/read`]: ["look for leftovers", (principal) => principal.task({ action: "sweep" })],
  [`${aci}/write`]: ["create a container group", (principal) => principal.task(creating(freshPrefix()))],
  [`${aci}/delete`]: [
    "remove a container group",
    async (principal, simulator) => {
      const [run, prefix] = [newRun(simulator), freshPrefix()];
      await principal.task(creating(prefix), run);
      await removeRecords(simulator, prefix);
      return principal.task({ action: "remove" }, run);
    },
  ],
  [`${aci}/stop/action`]: [
    "stop a container group that is kept for debugging",
    (principal, simulator) =>
      principal.task({ action: "run", agentPrefix: failing(simulator), skipContainerDeletionOnError: "true" }),
  ],
  "Microsoft.Resources/subscriptions/resourceGroups/read": [
    "find the region without a subnet",
    (principal) => principal.task({ ...creating(freshPrefix()), subnetId: "" }),
  ],
  [`${network}/read`]: ["find the region of the subnet", (principal) => principal.task(creating(freshPrefix()))],
  [`${network}/subnets/join/action`]: [
    "put a container group into the subnet",
    (principal) => principal.task(creating(freshPrefix())),
  ],
};

const scenarios = Object.entries(needs).map(([action, [, scenario]]) => [action, scenario] as const);

/** Without this one the task goes on, so it is told apart. */
const logs = `${aci}/containers/logs/read`;

describe("the shipped roles", () => {
  const { containerGroups, network: onNetwork } = shippedRoles("SUBSCRIPTION_ID");
  const actions = [...containerGroups.Actions, ...onNetwork.Actions];
  let simulator: Simulator;
  const outcomes = new Map<string, { readonly principal: Restricted; readonly run: Promise<TaskRun> }>();

  before(async () => {
    simulator = await startSimulator({ azure: quickAzure });
    const showsLog: Scenario = (principal) => principal.task({ action: "create", agentPrefix: failing(simulator) });
    for (const [action, scenario] of [...scenarios, [logs, showsLog] as const]) {
      const principal = restricted(simulator, action);
      const run = scenario(principal, simulator);
      // Looked at when its test comes.
      run.catch(() => undefined);
      outcomes.set(action, { principal, run });
    }
  });
  after(() => simulator.stop());

  it("have a scenario for each of their actions here", () => {
    assert.deepEqual(Object.keys(needs).concat(logs).sort(), [...actions].sort());
  });

  for (const [action, [cannot]] of Object.entries(needs)) {
    it(`let the task ${cannot}: without ${action} it fails, naming action, scope and the command to run`, async () => {
      const { principal, run } = outcomes.get(action) ?? assert.fail("the scenario was not started");
      const { result, issues, log } = await run;
      assert.equal(result, "failed", log);
      const { message } = issues.find(({ code }) => code === "EA202") ?? assert.fail(log);
      const denied = simulator.arm.access.demands.filter(
        ({ principalId, allowed }) => principalId === principal.objectId && !allowed,
      );
      assert.deepEqual([...new Set(denied.map((demand) => demand.action))], [action]);
      assert.ok(message.includes(`'${action}'`), message);
      assert.ok(
        denied.some(({ scope }) => message.includes(`'${scope}'`)),
        message,
      );
      const [role, where] = onNetwork.Actions.includes(action)
        ? [onNetwork.Name, assignedAt(simulator).network]
        : [containerGroups.Name, assignedAt(simulator).containerGroups];
      const command = `az role assignment create --assignee-object-id ${principal.objectId} --assignee-principal-type ServicePrincipal --role "${role}" --scope ${where}`;
      assert.match(message, /az role definition (create|update)/);
      assert.ok(
        message.split("\n").some((line) => line.trim() === `Grant it: ${command}`),
        message,
      );
    });
  }

  it(`let the task show a container's log: without ${logs} it says so and goes on`, async () => {
    const { log, issues } = await (outcomes.get(logs)?.run ?? assert.fail("the scenario was not started"));
    assert.match(log, /log could not be read/);
    assert.ok(log.includes(`'${logs}'`), log);
    assert.ok(
      issues.some(({ code }) => code === "EA601"),
      "its own failure is still told",
    );
  });
});
