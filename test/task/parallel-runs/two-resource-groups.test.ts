// A run may make agents of one pool in several resource groups: each one's clean-up leaves the others' alone.
import assert from "node:assert/strict";
import { shippedRoles } from "../../../simulator/arm/authorization/shipped-roles.ts";
import type { Run } from "../../../simulator/devops/runs/runs.ts";
import { type Scene, story } from "../scenario/scenario.ts";

const other = "rg-other-agents";

/** Another resource group of agents, set up like the first. */
function addOther({ simulator }: Scene): void {
  const { arm, deployer, ready } = simulator;
  arm.resourceGroups.add(other, "westeurope");
  arm.access.assign({
    principalId: deployer.objectId,
    role: shippedRoles(ready.subscriptionId).containerGroups,
    scope: `/subscriptions/${ready.subscriptionId}/resourceGroups/${other}`,
  });
}

/** A run that has an agent in each. */
async function agentInEach(scene: Scene) {
  addOther(scene);
  const here = scene.step({ action: "create" });
  const there = scene.step({ action: "create", resourceGroupName: other }, { run: here.run });
  let inOther = "";
  for (const step of [here, there]) {
    const { result, log, outputs } = await step.execute();
    assert.equal(result, "succeeded", log);
    inOther = outputs.agentName?.value ?? "";
    step.jobEnded("succeeded");
  }
  return { run: here.run, inOther };
}

/** The jobs of the run's other steps are over by then. */
async function remove(scene: Scene, run: Run, inputs: Readonly<Record<string, string>> = {}): Promise<void> {
  const step = scene.step({ action: "remove", ...inputs }, { run });
  const removed = await step.execute();
  assert.equal(removed.result, "succeeded", removed.log);
  step.jobEnded("succeeded");
}

function assertServing({ simulator }: Scene, name: string): void {
  assert.deepEqual(simulator.leftBehind(), { agents: [name], containerGroups: [name] });
  const agent = simulator.organization.agents().find((one) => one.name === name);
  assert.deepEqual([agent?.enabled, agent?.status], [true, "online"]);
}

describe("Two resource groups with agents of one pool", () => {
  story("are each cleaned up by the `remove` for that resource group", async (scene) => {
    const { run, inOther } = await agentInEach(scene);
    await remove(scene, run);
    assertServing(scene, inOther);
    await remove(scene, run, { resourceGroupName: other });
  });

  story("are each swept by themselves", async (scene) => {
    const { run, inOther } = await agentInEach(scene);
    run.complete("failed");
    const { log } = await scene.step({ action: "sweep" }).execute();
    assert.match(
      log,
      new RegExp(`^${inOther} +record +kept +its container group is in /subscriptions/\\S+/${other}$`, "m"),
    );
    assertServing(scene, inOther);
    await scene.step({ action: "sweep", resourceGroupName: other }).execute();
  });
});
