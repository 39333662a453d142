// The role by which a container deletes its own group, and what the service connection needs to hand the identity out.
import assert from "node:assert/strict";
import { managedIdentityOperator } from "../../simulator/arm/authorization/built-in-roles.ts";
import { shippedRoles } from "../../simulator/arm/authorization/shipped-roles.ts";
import { type Simulator, startSimulator } from "../../simulator/start-simulator.ts";
import { stepIn } from "../task/harness/in-simulator.ts";
import { runTask, type TaskRun } from "../task/harness/run-task.ts";
import { deletion } from "../task/scenario/task-requests.ts";
import { assignedAt, quickAzure, without } from "./rights.ts";

describe("the role of the identity by which containers delete themselves", () => {
  let simulator: Simulator;
  beforeEach(async () => {
    simulator = await startSimulator({ azure: quickAzure });
  });
  afterEach(() => simulator.stop());

  /** Makes an identity with these actions that the service connection may hand out, unless it may not. */
  function identity(name: string, actions: readonly string[], mayAssign = true) {
    const { arm, location, deployer, ready } = simulator;
    const scope = assignedAt(simulator).containerGroups;
    const id = `${scope}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/${name}`;
    arm.resources.put(id, { location });
    const principalId = arm.identities.find(id)?.objectId ?? assert.fail(`${name} has no principal`);
    const { selfDestruct } = shippedRoles(ready.subscriptionId);
    arm.access.assign({ principalId, role: { ...selfDestruct, Actions: actions }, scope });
    if (mayAssign) arm.access.assign({ principalId: deployer.objectId, role: managedIdentityOperator, scope: id });
    return { id, principalId };
  }

  /** Creates an agent that deletes itself as that identity; `deploy` gives it its job. */
  async function create(userAssignedIdentities: string): Promise<{ created: TaskRun; deploy(): void }> {
    const { start, run, queueJob } = stepIn(simulator, {
      action: "create",
      imageName: simulator.ready.bakedImage,
      agentRegistration: "container",
      azureDevOpsToken: simulator.ready.pat,
      selfDestruct: "true",
      userAssignedIdentities,
    });
    const created = await runTask(start);
    return { created, deploy: () => void queueJob("echo deployed", [`EphemeralAgent.Run -equals ${run.id}`]) };
  }

  const { selfDestruct } = shippedRoles("SUBSCRIPTION_ID");

  it("is enough: the container's group is deleted, and Azure refuses none of its requests", async () => {
    const { id, principalId } = identity("id-enough", selfDestruct.Actions);
    const { created, deploy } = await create(id);
    assert.equal(created.result, "succeeded", created.log);
    deploy();
    assert.equal((await simulator.requests.answered(deletion)).caller, "id-enough");
    const demands = simulator.arm.access.demands.filter((demand) => demand.principalId === principalId);
    assert.ok(demands.every(({ allowed }) => allowed));
    assert.deepEqual([...new Set(demands.map(({ action }) => action))], selfDestruct.Actions);
  });

  for (const action of selfDestruct.Actions) {
    it(`lets a container delete its group: without ${action} the group stays, and its log says why`, async () => {
      const { id } = identity("id-without", without(selfDestruct, action).Actions);
      const { created, deploy } = await create(id);
      assert.equal(created.result, "succeeded", created.log);
      const [only, another] = simulator.arm.containerGroups();
      assert.ok(only && !another, "there is one container group");
      deploy();
      const refused = ({ method, status }: { method: string; status?: number }) =>
        method === "DELETE" && status === 403;
      const { requests } = simulator;
      const first = await requests.answered(refused);
      assert.equal(first.caller, "id-without");
      // It tries again, and has told by then what came of the first try.
      await requests.answered(refused, requests.entries.indexOf(first) + 1);
      assert.match(only.group.deployment.log.read(), new RegExp(`AuthorizationFailed.*'${action}'`));
      assert.deepEqual(simulator.leftBehind(), { agents: [], containerGroups: [only.name] });
    });
  }

  it("is handed out by a service connection that is Managed Identity Operator on the identity, and by no other", async () => {
    const { id } = identity("id-of-others", selfDestruct.Actions, false);
    const { created } = await create(id);
    assert.equal(created.result, "failed");
    const { message } = created.issues.find(({ code }) => code === "EA202") ?? assert.fail(created.log);
    assert.ok(message.includes(`--role "Managed Identity Operator" --scope ${id}`), message);
  });
});
