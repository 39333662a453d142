import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { type Simulator, startSimulator } from "../../simulator/start-simulator.ts";
import { stepIn } from "../task/harness/in-simulator.ts";
import { runTask } from "../task/harness/run-task.ts";
import { type Az, openAz } from "./az.ts";

const script = (name: string): string => fileURLToPath(new URL(`../../samples/setup/${name}.sh`, import.meta.url));

describe("the scripts of a standby pool, with the stock Azure CLI", () => {
  let simulator: Simulator;
  let az: Az;
  /** Where the simulator's resources are, instead of where the set-up would make its own. */
  let places: Readonly<Record<string, string>>;

  before(async () => {
    simulator = await startSimulator();
    az = await openAz(simulator);
    const { ready } = simulator;
    const names = { VNET: "vnet-shop", AGENTS_SUBNET: "snet-agents", NETWORK_GROUP: "rg-network" };
    places = { ...names, AGENTS_GROUP: ready.resourceGroup, LOCATION: ready.location, STANDBY_IMAGE: ready.image };
  });
  after(async () => {
    az?.close();
    await simulator?.stop();
  });

  const poolId = () =>
    `/subscriptions/${simulator.ready.subscriptionId}/resourceGroups/${simulator.ready.resourceGroup}/providers/Microsoft.StandbyPool/standbyContainerGroupPools/agents`;
  const assignments = () =>
    simulator.arm.access.list().map(({ principalId, role, scope }) => `${principalId} ${role.Name} ${scope}`);

  it("make a pool from which the task takes an agent, and print no key", async () => {
    simulator.arm.providers.unregister("Microsoft.StandbyPool");
    const printed = await az.script(script("standby-pool"), places);
    assert.match(printed, /standbyPool: agents$/m);
    assert.doesNotMatch(printed, /PRIVATE KEY|LS0tLS1CRUdJTi/);
    await simulator.arm.standbyPools.get(poolId())?.ready(1);
    const create = stepIn(simulator, { action: "create", standbyPool: "agents" });
    const made = await runTask(create.start);
    assert.match(made.log, /claimed from standby pool 'agents'/);
    assert.equal(made.result, "succeeded", made.log);
    create.jobEnded("succeeded");
    const inputs = { action: "remove", standbyPool: "agents" };
    const removed = await runTask(stepIn(simulator, inputs, { run: create.run }).start);
    assert.equal(removed.result, "succeeded", removed.log);
  });

  it("change nothing when they run again", async () => {
    const before = assignments();
    const printed = await az.script(script("standby-pool"), places);
    assert.doesNotMatch(printed, /^az (?:rest|provider)/m);
    assert.deepEqual(assignments(), before);
    assert.equal(simulator.arm.profiles.all()[0]?.revisions.length, 1);
  });

  it("make another revision, and have the pool use it, when the size changes", async () => {
    await az.script(script("standby-pool"), { ...places, STANDBY_MEMORY: "4" });
    assert.equal(simulator.arm.standbyPools.get(poolId())?.content.revision, 2);
  });

  it("take it all away again, and find nothing to do when they run once more", async () => {
    await az.script(script("standby-pool-tear-down"), places);
    assert.deepEqual(simulator.arm.standbyPools.all(), []);
    assert.deepEqual(simulator.arm.profiles.all(), []);
    assert.deepEqual(
      assignments().filter((each) => each.includes("Standby")),
      [],
    );
    const printed = await az.script(script("standby-pool-tear-down"), places);
    assert.doesNotMatch(printed, /^az /m);
  });
});
