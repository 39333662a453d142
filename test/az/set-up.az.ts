import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Simulator, startSimulator } from "../../simulator/start-simulator.ts";
import { stepIn } from "../task/harness/in-simulator.ts";
import { runTask } from "../task/harness/run-task.ts";
import { type Az, openAz } from "./az.ts";

const script = (name: string): string => fileURLToPath(new URL(`../../samples/setup/${name}.sh`, import.meta.url));

/** What somebody would see of the set-up, all of it in a form to compare. */
async function inventory({ arm }: Simulator, az: Az): Promise<object> {
  const assignments = arm.access.list().map(({ principalId, role, scope }) => `${principalId} ${role.Name} ${scope}`);
  return {
    groups: await az.json("group", "list", "--query", "[].name"),
    assignments: assignments.sort(),
    roles: await az.json("role", "definition", "list", "--custom-role-only", "--query", "[].roleName"),
  };
}

describe("the set-up scripts, with the stock Azure CLI", () => {
  const pipelines = mkdtempSync(join(tmpdir(), "pipelines-"));
  let simulator: Simulator;
  let az: Az;
  let empty: object;
  let first: object;

  before(async () => {
    simulator = await startSimulator();
    az = await openAz(simulator);
    empty = await inventory(simulator, az);
  });
  after(async () => {
    az?.close();
    await simulator?.stop();
    rmSync(pipelines, { recursive: true, force: true });
  });

  const inGroup = (group: string): string => `/subscriptions/${simulator.ready.subscriptionId}/resourceGroups/${group}`;

  it("make everything, registering a provider that is not registered", async () => {
    simulator.arm.providers.unregister("Microsoft.ContainerInstance");
    const printed = await az.script(script("set-up"), { PIPELINES: pipelines });
    assert.match(printed, /az provider register --namespace Microsoft\.ContainerInstance --wait/);
    const check = readFileSync(join(pipelines, "check.yml"), "utf8");
    assert.match(check, /^ {2}agentResourceGroup: rg-shop-agents$/m);
    first = await inventory(simulator, az);
    assert.notDeepEqual(first, empty);
  });

  it("make a subnet, an identity and rights with which the task creates an agent and removes it", async () => {
    const inputs = {
      resourceGroupName: "rg-shop-agents",
      subnetId: `${inGroup("rg-shop-network")}/providers/Microsoft.Network/virtualNetworks/vnet-shop/subnets/snet-agents`,
      userAssignedIdentities: `${inGroup("rg-shop-platform")}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-shop-agents`,
    };
    const create = stepIn(simulator, { ...inputs, action: "create" });
    const made = await runTask(create.start);
    assert.equal(made.result, "succeeded", made.log);
    create.jobEnded("succeeded");
    const removed = await runTask(stepIn(simulator, { ...inputs, action: "remove" }, { run: create.run }).start);
    assert.equal(removed.result, "succeeded", removed.log);
    assert.deepEqual(simulator.leftBehind(), { agents: [], containerGroups: [] });
  });

  it("make a storage account that has no public address", async () => {
    const accounts = await az.json(
      ...["storage", "account", "list", "--resource-group", "rg-shop-platform"],
      ...["--query", "[].publicNetworkAccess"],
    );
    assert.deepEqual(accounts, ["Disabled"]);
  });

  it("change nothing when they run again", async () => {
    const printed = await az.script(script("set-up"), { PIPELINES: pipelines });
    assert.doesNotMatch(printed, /^az (?:provider register|group create|network vnet|network nsg create)/m);
    assert.deepEqual(await inventory(simulator, az), first);
  });

  it("refuse a resource group that somebody else made", async () => {
    await az.text("group", "create", "--name", "rg-of-others", "--location", "westeurope");
    const run = az.script(script("set-up"), { AGENTS_GROUP: "rg-of-others", PIPELINES: pipelines });
    await assert.rejects(run, /rg-of-others is there already and not of this set-up/);
    await az.text("group", "delete", "--name", "rg-of-others", "--yes");
  });

  it("take it all away again, and find nothing to do when they run once more", async () => {
    await az.script(script("tear-down"));
    assert.deepEqual(await inventory(simulator, az), empty);
    const printed = await az.script(script("tear-down"));
    assert.doesNotMatch(printed, /^az /m);
    assert.deepEqual(await inventory(simulator, az), empty);
  });
});
