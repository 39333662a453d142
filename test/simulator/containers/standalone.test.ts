import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Simulator, startSimulator } from "../../../simulator/start-simulator.ts";
import { Uptime } from "../../agent-image/fixture/uptime.ts";
import { send } from "../devops/fixture/https-request.ts";

const group = "eph-by-itself";

describe("a container that registers its agent itself, as a process", () => {
  let simulator: Simulator;

  beforeEach(async () => {
    simulator = await startSimulator();
  });
  afterEach(() => simulator.stop());

  it("unregisters and deletes its group as its identity when no job came", async () => {
    const { arm, entra, administrator, armOrigin, caFile, location, ready, requests, subnetId } = simulator;
    const scope = `/subscriptions/${ready.subscriptionId}/resourceGroups/${ready.resourceGroup}`;
    const id = `${scope}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-self-delete`;
    arm.resources.put(id, { location });
    const role = { Name: "self-delete", Actions: ["Microsoft.ContainerInstance/containerGroups/delete"] };
    arm.access.assign({ principalId: arm.identities.find(id)?.objectId ?? "", role, scope });
    const folder = mkdtempSync(join(tmpdir(), "uptime-"));
    const clock = new Uptime(join(folder, "uptime"));
    const variables = {
      AZP_URL: ready.organizationUrl,
      AZP_POOL: ready.pool,
      AZP_AGENT_NAME: group,
      AZ_ACI_NAME: group,
      AZ_ACI_RG: ready.resourceGroup,
      AZ_SUBSCRIPTION_ID: ready.subscriptionId,
      AZ_MANAGED_IDENTITY: id,
      AZ_RESOURCE_MANAGER: ready.arm,
      EPHEMERAL_IDLE_SECONDS: "600",
      EPHEMERAL_UPTIME: clock.path,
    };
    const environmentVariables = [
      ...Object.entries(variables).map(([name, value]) => ({ name, value })),
      { name: "AZP_TOKEN", secureValue: ready.pat },
    ];
    const { token } = await entra.tokens.issue(administrator, armOrigin);
    const path = `${scope}/providers/Microsoft.ContainerInstance/containerGroups/${group}?api-version=2023-05-01`;
    const resources = { requests: { cpu: 1, memoryInGB: 1 } };
    const container = { image: ready.bakedImage, environmentVariables, resources };
    const answer = await send(caFile, "PUT", new URL(path, armOrigin), {
      headers: { authorization: `Bearer ${token}` },
      body: {
        location,
        identity: { type: "UserAssigned", userAssignedIdentities: { [id]: {} } },
        properties: {
          osType: "Linux",
          restartPolicy: "Never",
          subnetIds: [{ id: subnetId }],
          containers: [{ name: group, properties: container }],
        },
      },
    });
    assert.equal(answer.status, 201, answer.text);
    await requests.answered(({ method, url }) => method === "POST" && url.endsWith("/sessions"));
    clock.advance(600);
    const { log } = arm.containerGroup(group).deployment;
    const { caller } = await requests.answered(({ method, url }) => method === "DELETE" && url.includes(group));
    assert.equal(caller, "id-self-delete", log.read());
    assert.deepEqual(simulator.leftBehind(), { agents: [], containerGroups: [] }, log.read());
    assert.match(log.read(), /No job came[\s\S]*The agent is unregistered[\s\S]*Deleting the container group/);
    assert.ok(!log.read().includes(ready.pat));
    rmSync(folder, { recursive: true });
  });
});
