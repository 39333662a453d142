// A pipeline made for azure-pipelines-ephemeral-agents, after what docs/migrate.md tells its users to change. It has the
// variables, jobs and inputs of the sample that was published with it; what it deploys is ours, as a step of the Azure CLI
// would need a subscription.
import assert from "node:assert/strict";
import {
  acrConnection,
  projectConnections,
} from "../../simulator/pipeline-runner/service-connections/project-connections.ts";
import type { Simulator } from "../../simulator/start-simulator.ts";
import { runPostJob } from "./harness/run-task.ts";
import { assertFailure } from "./scenario/expected-messages.ts";
import { type Scene, scenario } from "./scenario/scenario.ts";

const yaml = (vnetResourceGroup: string) => `
trigger: none
variables:
  ResourceGroup: rg-ephemeral-agents
  vNetResourceGroup: rg-network
  vnetName: vnet-shop
  location: westeurope
  acrName: shopagents
  imageName: $(acrName).azurecr.io/agents/linux:ubuntu-24.04
  storageUrl: http://app.shop.internal/
  agentPoolName: ephemeral-agents
  azureSubscription: azure-private-deployments
  containerRegistryConnection: shop-registry
stages:
- stage: Deploy
  jobs:
  - job: PrepareAgent
    displayName: Prepare the agent
    pool: Hosted Ubuntu 1604
    steps:
    - task: EphemeralAgent@1
      name: agent
      displayName: Create a container in pool ephemeral-agents
      inputs:
        action: create
        azureSubscription: $(azureSubscription)
        resourceGroupName: $(ResourceGroup)
        location: $(location)
        azureDevOpsToken: $(System.AccessToken)
        containerRegistry: $(containerRegistryConnection)
        imageName: $(imageName)
        agentPool: $(agentPoolName)
        agentPrefix: 'sample-'
        vnetResourceGroupName: ${vnetResourceGroup}
        vnetName: $(vnetName)
        subnetName: 'azure-devops-agents'
  - deployment: Deploy
    displayName: Deploy a file
    dependsOn: PrepareAgent
    environment: 'Production'
    pool: \${{ variables.agentPoolName }}
    strategy:
      runOnce:
        deploy:
          steps:
          - script: echo build $(Build.BuildId) > $(Pipeline.Workspace)/data.txt
            displayName: Make a file
          - script: curl --fail --silent --show-error --upload-file $(Pipeline.Workspace)/data.txt $(storageUrl)deployments/$(Build.BuildId)
            displayName: Upload it to the private address
`;

/** What such a user has: a subnet and a registry of the names in the pipeline. */
function furnish({ arm, ready, registry, puller }: Simulator) {
  const id = ready.subnetId.replace(/\/subnets\/.*$/, "");
  const serviceName = "Microsoft.ContainerInstance/containerGroups";
  const delegations = [{ name: "container-groups", properties: { serviceName } }];
  const natGateway = { id: `${id.replace(/\/virtualNetworks\/.*$/, "")}/natGateways/nat-shop` };
  const subnet = (name: string, addressPrefix: string) => ({
    name,
    properties: { addressPrefix, delegations, natGateway },
  });
  arm.virtualNetworks.put("rg-network", "vnet-shop", {
    location: ready.location,
    properties: {
      addressSpace: { addressPrefixes: ["10.20.0.0/16"] },
      subnets: [subnet("snet-agents", "10.20.1.0/24"), subnet("azure-devops-agents", "10.20.3.0/24")],
    },
  });
  const server = "shopagents.azurecr.io";
  registry.add({
    reference: `${server}/agents/linux:ubuntu-24.04`,
    pullable: "with-credentials",
    agentBaked: false,
    environment: { EPHEMERAL_AGENT_ROOT: "/azp", EPHEMERAL_STATE: "/mnt/ephemeral-state" },
    command: ["/bin/bash"],
  });
  const { tenantId } = ready;
  return acrConnection("shop-registry", { server, tenantId, clientId: puller.appId, clientSecret: puller.secret });
}

function run(scene: Scene, text: string) {
  const connection = furnish(scene.simulator);
  return scene.pipeline(text, { serviceConnections: [...projectConnections(scene.simulator), connection] });
}

describe("The predecessor's pipeline", () => {
  scenario("deploys, with the task's name changed and an action added", async (scene) => {
    const { simulator } = scene;
    const { done, id } = run(scene, yaml("$(vNetResourceGroup)"));
    const { result, jobs } = await done;
    const [prepared, deployed] = [jobs.PrepareAgent, jobs.Deploy];
    assert.ok(prepared && deployed);
    assert.equal(result, "succeeded", [...prepared.log, ...deployed.log].join("\n"));
    assert.deepEqual([...prepared.issues, ...deployed.issues], []);

    const name = prepared.outputs["agent.ImageNameOutput"]?.value ?? "";
    assert.match(name, /^sample-\d+-[a-z0-9]{6}$/);
    assert.equal(deployed.agentName, name);
    assert.match(prepared.outputs["agent.ImageIdOutput"]?.value ?? "", new RegExp(`/containerGroups/${name}$`));
    assert.deepEqual([...simulator.network.privateResource.deployments], [[String(id), `build ${id}\n`]]);
    assert.match(prepared.log.join("\n"), /in westeurope, subnet azure-devops-agents$/m);

    // It has no job that removes its agent. The container has ended, and the next sweep or run takes the rest.
    const [group] = simulator.arm.containerGroups();
    await group?.group.when(({ state }) => state === "Succeeded");
    assert.deepEqual(simulator.leftBehind(), { agents: [name], containerGroups: [name] });
    const swept = await scene.step({ action: "sweep" }).execute();
    assert.equal(swept.result, "succeeded", swept.log);
    assert.match(swept.log, new RegExp(`${name} .*run ${id} has finished`));
    await runPostJob(swept);
  });

  scenario("fails before anything is made, with the typo that it was published with", async (scene) => {
    // The other reads that were under way are given up.
    scene.expectRefusal(/^403 arm GET .*rg-networkv/, /^0 devops GET /);
    const { jobs, result } = await run(scene, yaml("$(vNetResourceGroup)v")).done;
    assert.equal(result, "failed");
    assert.ok(jobs.PrepareAgent);
    assertFailure(jobs.PrepareAgent, "EA202", /rg-networkv/);
    assert.equal(jobs.Deploy?.result, "skipped");
  });
});
