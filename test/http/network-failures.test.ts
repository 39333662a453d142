// Every request of the adapters, over real HTTPS, with every rude answer: a fault each time, and never "not there", nothing,
// an empty list or a success.
import assert from "node:assert/strict";
import { azureInspection } from "../../EphemeralAgentTask/src/azure/check-requests.ts";
import { containerHost } from "../../EphemeralAgentTask/src/azure/container-groups/container-host.ts";
import { registryInspection } from "../../EphemeralAgentTask/src/azure/registry/image-lookup.ts";
import { credentialOf } from "../../EphemeralAgentTask/src/azure/sign-in/credential.ts";
import { requirePool } from "../../EphemeralAgentTask/src/devops/agent-pool.ts";
import { devOpsInspection } from "../../EphemeralAgentTask/src/devops/check-requests.ts";
import { poolClient } from "../../EphemeralAgentTask/src/devops/pool-client.ts";
import { pipelineRun } from "../../EphemeralAgentTask/src/devops/run-timeline.ts";
import { systemTime } from "../../EphemeralAgentTask/src/http/service-time.ts";
import { agentDefinition, planAgent } from "../../EphemeralAgentTask/src/plan/agent-and-container-group.ts";
import type { AzureConnection } from "../../EphemeralAgentTask/src/ports/connections.ts";
import { ServiceFault } from "../../EphemeralAgentTask/src/ports.ts";
import { owner } from "../../simulator/arm/authorization/built-in-roles.ts";
import { type AnswerName, answers } from "../../simulator/http/network-failures.ts";
import { type Simulator, startSimulator } from "../../simulator/start-simulator.ts";
import { identity, settings } from "../in-memory/valid-settings.ts";

type Send = () => Promise<unknown>;
type Site = "arm" | "devops" | "login" | "agent-oauth" | "registry";

/** Only the requests whose path it fits are answered so; all of the call when it is left out. */
type Call = readonly [site: Site, send: Send, path?: RegExp];

/** Nothing comes, which takes the adapter's whole time limit; or nothing is wrong. */
const left = /silence|stalls|byte order mark|refused|late by its Date|no date/;

/** The service acts and answers without a body, so there is nothing that could be told wrong. */
const bodiless = /type|gzip|JSON|half|lose|after the service acted|empty body/;

/** A sign-in page is one of Azure DevOps; in place of another service it is somebody else's. */
const wrongFault = (error: unknown): boolean =>
  !(error instanceof ServiceFault && error.details.host) ||
  (error.kind === "signIn" && error.service !== "Azure DevOps");

const names = (Object.keys(answers) as AnswerName[]).filter((name) => !left.test(name));

describe("A rude answer", () => {
  let simulator: Simulator;
  let calls: Readonly<Record<string, Call>>;

  const transport = () => ({
    time: systemTime(),
    proxyFor: () => undefined,
    caFile: simulator.caFile,
    mask: (secret: string) => secret,
  });

  before(async () => {
    simulator = await startSimulator();
    const { arm, authority, tenantId, clientId, clientSecret, subscriptionId, organizationUrl: url } = simulator.ready;
    const {
      pat,
      registryServer: server,
      resourceGroup: resourceGroupName,
      subnetId,
      location,
      image,
    } = simulator.ready;
    const azure = (): AzureConnection => ({
      identity: { kind: "secret", tenantId, clientId, secret: clientSecret },
      subscriptionId,
      armUrl: arm,
      authorityUrl: authority,
      environment: "AzureStack",
      audience: arm,
      customAuthority: true,
    });
    const machine = transport();
    const devops = { url, token: { kind: "personalAccessToken", token: pat }, jobToken: pat } as const;
    const client = poolClient(devops, machine, "0.0.0");
    const pool = await requirePool(client, simulator.ready.pool);
    const { project } = simulator.ready;
    const there = simulator.organization.createRun({ project, definition: { id: 1, name: "deploy" }, kind: "Build" });
    const own = { ...identity(), organizationUrl: url, projectId: project, runId: String(there.id) };
    const run = pipelineRun(devops, own, machine, "0.0.0");
    const host = containerHost({ azure: azure(), resourceGroupName }, machine, "0.0.0");
    const plan = planAgent(settings(), "abc123", 0);
    const definition = () => ({
      ...agentDefinition(plan, { version: "5.0.0", url: "u", filename: "f", sha256: "s" }),
      name: `eph-${crypto.randomUUID()}`,
    });
    const group = () => ({
      ...{ name: `eph-${crypto.randomUUID()}`, location, tags: {}, osType: "Linux", image, cpu: 1, memoryInGB: 1 },
      ...{ environment: {}, secretEnvironment: {}, identityIds: [], volumes: [] },
    });
    const agent = await pool.register(definition());
    const exchange = () => ({ kind: "exchange", server, tenantId, as: azure() }) as const;
    const look = azureInspection(azure(), machine);
    const everywhere = { role: owner, scope: `/subscriptions/${subscriptionId}` };
    simulator.arm.access.assign({ principalId: simulator.deployer.objectId, ...everywhere });
    const organization = devOpsInspection(devops, machine, "0.0.0");
    const scope = host.resourceGroupId;
    const networkId = subnetId.split("/subnets/")[0] ?? "";
    await simulator.standbyPool().ready(1);
    const standbyPoolId = `${scope}/providers/Microsoft.StandbyPool/standbyContainerGroupPools/agents`;
    const standbyPool = await host.standbyPool(standbyPoolId);
    const claim = () => ({ ...group(), standby: { pool: standbyPool, files: {} } });
    await host.list();
    calls = {
      "the look for a pool": ["devops", () => requirePool(client, simulator.ready.pool)],
      "the agent package": ["devops", () => pool.agentPackage()],
      "a registration": ["devops", () => pool.register(definition())],
      "an agent's credential": ["agent-oauth", () => pool.tryCredential(agent)],
      "an agent's capabilities": ["devops", () => pool.setCapabilities(agent.id, { one: "1" })],
      "an agent's record": ["devops", () => pool.get(agent.id)],
      "a record that is not there": ["devops", () => pool.get(999)],
      "an agent by its name": ["devops", () => pool.find(agent.name)],
      "the pool's agents": ["devops", () => pool.list()],
      "enabling an agent": ["devops", () => pool.enable(agent.id)],
      "disabling an agent": ["devops", () => pool.disable(agent.id)],
      "removing an agent": ["devops", () => pool.remove(999)],
      "the pool's jobs": ["devops", () => pool.jobRequests()],
      "the run's timeline": ["devops", () => run.timeline()],
      "another run": ["devops", () => run.isOver(own.runId)],
      "the subnet's network": ["arm", () => host.network(subnetId)],
      "the resource group": ["arm", () => host.network(undefined)],
      "a create": ["arm", () => host.create(group() as Parameters<typeof host.create>[0])],
      "a container group": ["arm", () => host.get("none")],
      "the container groups": ["arm", () => host.list()],
      "removing a group": ["arm", () => host.remove("none")],
      "stopping a group": ["arm", () => host.stop("none")],
      "tagging a group": ["arm", () => host.tag("none", {})],
      "a container's log": ["arm", () => host.log("none", 10)],
      "a token of Entra": ["login", () => credentialOf(azure(), transport()).token(arm)],
      "a registry's token": ["registry", () => host.pullCredential(exchange())],
      "a standby pool": ["arm", () => host.standbyPool(standbyPoolId), /ContainerGroupPools\/agents\?/i],
      "a standby pool's profile": ["arm", () => host.standbyPool(standbyPoolId), /\/revisions\/\d+\?/i],
      "a claim": ["arm", () => host.create(claim() as Parameters<typeof host.create>[0])],
      "what a standby pool keeps ready": ["arm", () => look.standbyPool(standbyPoolId), /\/runtimeViews\//i],
      "a profile's latest revision": ["arm", () => look.standbyPool(standbyPoolId), /Profiles\/[^/]+\?/i],
      "a role by its name": ["arm", () => look.someoneHas("Reader", scope), /\/roleDefinitions\?/i],
      "assignments of roles": ["arm", () => look.someoneHas("Reader", scope), /\/roleAssignments\?/i],
      "a provider's state": ["arm", () => look.providerState("Microsoft.ContainerInstance")],
      "a resource group's region": ["arm", () => look.resourceGroup(resourceGroupName)],
      "a virtual network": ["arm", () => look.virtualNetwork(networkId)],
      "addresses in use": ["arm", () => look.addressesInUse(networkId)],
      "what an identity may do": ["arm", () => look.rights(scope)],
      "the quota": ["arm", () => look.usages(location)],
      locks: ["arm", () => look.locks(scope)],
      policies: ["arm", () => look.denials(scope, { location, tags: {}, properties: {} })],
      "whom a token stands for": ["devops", () => organization.caller(), /\/connectionData/i],
      "rights on a pool": ["devops", () => organization.mayManage(pool.id), /\/permissions/i],
      "a pool's maintenance": ["devops", () => organization.maintenance(pool.id), /\/maintenancedefinitions/i],
      "a token that pulls": ["registry", () => registryInspection(machine).manifest(image, undefined), /\/oauth2\//],
    };
  });

  after(() => simulator.stop());

  it("is all that these requests fail by", async () => {
    for (const [call, [, send]] of Object.entries(calls)) {
      const fault = await send().then(
        () => undefined,
        (error: unknown) => error,
      );
      const missing = /^(stopping|tagging) a group$/.test(call);
      assert.equal(fault !== undefined, missing, `${call}: ${fault}`);
    }
  });

  for (const name of names) {
    it(`'${name}' is a fault of every request`, async () => {
      const wrong: string[] = [];
      for (const [call, [site, send, path]] of Object.entries(calls)) {
        if (/^(removing|stopping)/.test(call) && bodiless.test(name)) continue;
        const added = simulator.faults.add({ site, ...(path ? { path } : {}), effect: answers[name] });
        const end = await send().then(
          (value) => `${call} took it for ${JSON.stringify(value) ?? "undefined"}`,
          (error: unknown) => (wrongFault(error) ? `${call} threw ${error}` : ""),
        );
        const hits = added.hits;
        added.remove();
        // What Azure DevOps itself refuses may not be read: the step waits then instead of failing.
        const refused = name === "401" && /^(the run's timeline|another run|a pool's maintenance)$/.test(call);
        // Without a token the registry refuses the pull, and says why.
        const without = name === "401" && call === "a token that pulls";
        if (hits === 0) wrong.push(`${call} asked nothing: ${end}`);
        else if (refused) assert.match(end, /took it for undefined$/);
        else if (without) assert.match(end, /took it for \{"kind":"refused"/);
        else if (end !== "") wrong.push(end);
      }
      assert.deepEqual(wrong, []);
    });
  }
});
