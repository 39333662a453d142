// What all points look at: the services, an agent record and its container group.
import { randomUUID } from "node:crypto";
import { containerHost } from "../../EphemeralAgentTask/src/azure/container-groups/container-host.ts";
import { requirePool } from "../../EphemeralAgentTask/src/devops/agent-pool.ts";
import { devOpsInspection } from "../../EphemeralAgentTask/src/devops/check-requests.ts";
import { poolClient } from "../../EphemeralAgentTask/src/devops/pool-client.ts";
import type { Transport } from "../../EphemeralAgentTask/src/http/transport.ts";
import { type AgentPlan, planAgent } from "../../EphemeralAgentTask/src/plan/agent-and-container-group.ts";
import type { AgentPackage, AgentPool, ContainerHost, RegisteredAgent } from "../../EphemeralAgentTask/src/ports.ts";
import type { CreateSettings } from "../../EphemeralAgentTask/src/settings/settings.ts";
import { version } from "../../EphemeralAgentTask/src/version.ts";
import { type Wire, wireOf } from "./raw-requests.ts";
import type { Place } from "./smoke-test-target.ts";

const minute = 60_000;

export interface Bench {
  readonly place: Place;
  readonly settings: CreateSettings;
  readonly plan: AgentPlan;
  readonly pool: AgentPool;
  readonly host: ContainerHost;
  readonly wire: Wire;
  readonly location: string;
  readonly dnsServers: readonly string[];
  mayManage(): Promise<boolean | undefined>;
  /** What has been made so far. */
  made: { agent?: RegisteredAgent; agentPackage?: AgentPackage; group?: true };
}

function settingsOf(place: Place): CreateSettings {
  const armUrl = place.AZURE_RESOURCE_MANAGER_URL?.replace(/\/+$/, "") ?? "https://management.azure.com";
  const authorityUrl = place.AZURE_AUTHORITY_URL?.replace(/\/+$/, "") ?? "https://login.microsoftonline.com";
  const token = place.AZURE_DEVOPS_EXT_PAT;
  const [tenantId, clientId, secret] = [place.AZURE_TENANT_ID, place.AZURE_CLIENT_ID, place.AZURE_CLIENT_SECRET];
  const custom = place.AZURE_RESOURCE_MANAGER_URL !== undefined;
  return {
    azure: {
      identity: { kind: "secret", tenantId, clientId, secret },
      environment: custom ? "AzureStack" : "AzureCloud",
      subscriptionId: place.AZURE_SUBSCRIPTION_ID,
      ...{ armUrl, authorityUrl, customAuthority: custom },
      audience: custom ? armUrl : `${armUrl}/`,
    },
    devops: { url: place.AZURE_DEVOPS_URL, token: { kind: "personalAccessToken", token }, jobToken: token },
    run: {
      ...{ organizationUrl: place.AZURE_DEVOPS_URL, projectId: "live-smoke-test", projectName: "live-smoke-test" },
      ...{ hostType: "build", runId: "0", planId: randomUUID(), stage: "smoke", attempt: "1", jobId: randomUUID() },
    },
    ...{ resourceGroupName: place.RESOURCE_GROUP, agentPool: place.AGENT_POOL },
    ...{ onlineMs: 10 * minute, idleMs: 10 * minute, lifetimeMs: 30 * minute },
    ...{ agentPrefix: "smoke", agentCount: 1, capabilities: {}, image: place.IMAGE, osType: "Linux" },
    ...{ registration: "task", selfDestruct: false, keepOnError: false, demandable: false },
    placements: [{ subnetId: place.SUBNET_ID, cpu: 1, memoryInGB: 2 }],
    container: { environment: {}, secretEnvironment: {}, identityIds: [], volumes: [], tags: {} },
  };
}

/**
 * Checks that pool, resource group, subnet and sign-ins are there.
 * @throws `ServiceFault`, `TaskError`
 */
export async function benchFor(place: Place, transport: Transport): Promise<Bench> {
  const settings = settingsOf(place);
  const pool = await requirePool(poolClient(settings.devops, transport, version), place.AGENT_POOL);
  const host = containerHost(settings, transport, version);
  await host.list();
  const { location, dnsServers } = await host.network(place.SUBNET_ID);
  const inspection = devOpsInspection(settings.devops, transport, version);
  return {
    ...{ place, settings, pool, host, location, dnsServers },
    plan: planAgent(settings, randomUUID().slice(0, 6), Date.now()),
    wire: wireOf(settings, transport),
    mayManage: () => inspection.mayManage(pool.id),
    made: {},
  };
}

/** Removes what is still there. @throws `ServiceFault` */
export async function cleanUp({ host, pool, plan, made }: Bench): Promise<void> {
  const agent = made.agent ?? (await pool.find(plan.name));
  if (agent !== undefined) await pool.remove(agent.id);
  if (made.group) await host.remove(plan.name);
}
