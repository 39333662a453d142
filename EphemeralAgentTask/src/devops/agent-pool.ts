// Implements the AgentPool port over the REST API of Azure DevOps.

import type { TaskAgent, TaskAgentPool } from "azure-devops-node-api/interfaces/TaskAgentInterfaces.js";
import { TaskError } from "../errors/catalog.ts";
import { type AgentDefinition, type AgentPool, type RegisteredAgent, ServiceFault, withDetails } from "../ports.ts";
import { tryAgentToken } from "./agent-access-token.ts";
import { agentFiles } from "./agent-configuration-files.ts";
import { agentView, jobRequestView } from "./answer-conversion.ts";
import { isAgent, isPackage, isPool, isRequest, saysForbidden, saysMissing } from "./expected-fields.ts";
import type { Session } from "./organization-client.ts";
import type { PoolClient } from "./pool-client.ts";
import { nearNames } from "./similar-names.ts";
import { callerOf } from "./token-identity.ts";

/** Of a record that the pool has not (facts agent-protocol §4.3). */
const notThere = "TaskAgentNotFoundException";

/** Finished jobs that a look at the pool shows besides the waiting and running ones. */
const finishedJobs = 50;

/** @param name undefined for all that the token may see */
async function poolsOf(
  { api, call, shaper }: PoolClient,
  name: string | undefined,
  signal?: AbortSignal,
): Promise<readonly TaskAgentPool[]> {
  return shaper.many(await call(() => api.getAgentPools(name), signal), "agent pools", isPool);
}

/**
 * Reads the pools of a name.
 * @returns none when the organization has none of that name, or hides it from this token
 * @throws `ServiceFault`
 */
export async function poolsNamed(client: PoolClient, name: string, signal?: AbortSignal): Promise<TaskAgentPool[]> {
  const pools = await poolsOf(client, name, signal);
  return pools.filter((pool) => pool.name?.toLowerCase() === name.toLowerCase());
}

/**
 * Finds a pool by name.
 * @returns undefined when the organization has none of that name, or hides it from this token
 * @throws `ServiceFault`
 */
async function findPool(client: PoolClient, name: string, signal?: AbortSignal): Promise<AgentPool | undefined> {
  const [found] = await poolsNamed(client, name, signal);
  return found?.id === undefined ? undefined : agentPool(client, found.id, found.name ?? name);
}

/** @throws `TaskError` EA507 when the organization has no pool of that name for this token; `ServiceFault` */
export async function requirePool(client: PoolClient, name: string, signal?: AbortSignal): Promise<AgentPool> {
  const pool = await findPool(client, name, signal);
  if (pool) return pool;
  // What helps to find the reason is worth no second failure.
  const [who, pools] = await Promise.all([
    callerOf(client).catch(() => ({ name: "the token's identity" })),
    poolsOf(client, undefined, signal).catch(() => []),
  ]);
  const near = nearNames(
    name,
    pools.flatMap((pool) => (pool.name ? [pool.name] : [])),
  );
  const meant = near.length === 0 ? "" : ` Did you mean ${near.map((one) => `'${one}'`).join(" or ")}?`;
  throw new TaskError(
    "EA507",
    `${client.url} shows no agent pool '${name}' to ${who.name}.${meant}\n  Page: ${client.url}_settings/agentpools`,
  );
}

/** On the wire a key field is base64 text, although the typings say numbers (facts agent-protocol §1.2). */
function recordBody(definition: AgentDefinition, publicKey: { exponent: string; modulus: string }): TaskAgent {
  const body = {
    name: definition.name,
    version: definition.version,
    osDescription: "Linux",
    maxParallelism: 1,
    provisioningState: "Provisioned",
    authorization: { publicKey },
    systemCapabilities: { ...definition.systemCapabilities },
  };
  return body as unknown as TaskAgent;
}

/** The pool of an id that is known. */
export function agentPool(client: PoolClient, id: number, name: string): AgentPool {
  const { api, url: serverUrl, transport, shaper } = client;
  let told = false;
  const page = `${serverUrl}_settings/agentpools?poolId=${id}&view=security`;
  const call: Session["call"] = (send, signal) =>
    client.call(send, signal).catch((error: unknown) => {
      throw withDetails(error, { page });
    });

  /** Writes a record with a fresh key and keeps what only this answer tells: where the agent gets its tokens. */
  async function write(
    definition: AgentDefinition,
    send: (body: TaskAgent) => Promise<TaskAgent>,
    signal: AbortSignal | undefined,
  ): Promise<RegisteredAgent> {
    const key = await client.key();
    const answer = await call(() => send(recordBody(definition, key.publicKey)), signal);
    const agent = shaper.one(answer, "an agent's record", isAgent);
    const { authorizationUrl, clientId } = agent.authorization ?? {};
    if (agent.id === undefined || !authorizationUrl || !clientId) {
      throw new ServiceFault(
        "Azure DevOps",
        "NotUnderstood",
        `${new URL(serverUrl).host} answered a registration without an authorization address.`,
        { kind: "foreign", host: new URL(serverUrl).host, retryable: true, ambiguous: true },
      );
    }
    const parts = {
      agentId: agent.id,
      agentName: definition.name,
      poolId: id,
      poolName: name,
      serverUrl,
      workFolder: definition.workFolder,
      clientId,
      authorizationUrl,
      key,
    };
    return { id: agent.id, name: definition.name, files: agentFiles(parts) };
  }

  async function enabled(agentId: number, isEnabled: boolean, signal: AbortSignal | undefined): Promise<void> {
    const answer = await call(() => api.updateAgent({ id: agentId, enabled: isEnabled }, id, agentId), signal);
    shaper.one(answer, "an agent's record", isAgent);
  }

  return {
    id,
    name,

    async agentPackage(signal) {
      const answer = await call(() => api.getPackages("agent", "linux-x64", 1), signal);
      const [latest] = shaper.many(answer, "agent packages", isPackage);
      if (!latest?.version || !latest.downloadUrl || !latest.hashValue) {
        const said = "the organization offers no agent package for linux-x64.";
        throw new ServiceFault("Azure DevOps", "NoAgentPackage", said, { host: new URL(serverUrl).host });
      }
      const { major, minor, patch } = latest.version;
      return {
        version: `${major}.${minor}.${patch}`,
        url: latest.downloadUrl,
        filename: latest.filename ?? "agent.tar.gz",
        sha256: latest.hashValue,
      };
    },

    register: (definition, signal) => write(definition, (body) => api.addAgent(body, id), signal),
    registerAgain: (agentId, definition, signal) =>
      write(definition, (body) => api.replaceAgent({ ...body, id: agentId }, id, agentId), signal),
    tryCredential: (agent, signal) => tryAgentToken(agent, transport, signal),

    async setCapabilities(agentId, capabilities, signal) {
      const answer = await call(() => api.updateAgentUserCapabilities({ ...capabilities }, id, agentId), signal);
      shaper.one(answer, "an agent's record", isAgent);
    },

    async get(agentId, signal) {
      try {
        const answer = await call(() => api.getAgent(id, agentId, true, true, true), signal);
        return agentView(shaper.one(answer, "an agent's record", isAgent));
      } catch (error) {
        if (saysMissing(error, notThere)) return undefined;
        throw error;
      }
    },

    async find(agentName, signal) {
      const answer = await call(() => api.getAgents(id, agentName, true, true, true), signal);
      return shaper
        .many(answer, "agents", isAgent)
        .map(agentView)
        .find((agent) => agent.name === agentName);
    },

    async list(signal) {
      const answer = await call(() => api.getAgents(id, undefined, true, true, true), signal);
      return shaper.many(answer, "agents", isAgent).map(agentView);
    },

    enable: (agentId, signal) => enabled(agentId, true, signal),
    disable: (agentId, signal) => enabled(agentId, false, signal),

    async remove(agentId, signal) {
      try {
        await call(() => api.deleteAgent(id, agentId), signal);
        return "removed";
      } catch (error) {
        if (saysMissing(error, notThere)) return "absent";
        // By type first, by words second: the type key is from clients' code, not from a live answer (facts §4.3).
        if (!(error instanceof ServiceFault) || error.kind !== "refusal") throw error;
        if (error.code === "TaskAgentJobStillRunningException" || / is running a job /.test(error.message))
          return "busy";
        throw error;
      }
    },

    async jobRequests(signal) {
      try {
        // Without agent ids it is every job of the pool. Undocumented, and perhaps refused to a job token (facts §11.5).
        const answer = await call(() => api.getAgentRequestsForAgents(id, undefined, finishedJobs), signal);
        return shaper.many(answer, "job requests", isRequest).map(jobRequestView);
      } catch (error) {
        if (!saysForbidden(error) || error.details.status !== 403) throw error;
        if (!told) client.tell(`The jobs of agent pool '${name}' may not be read: ${error.message}`);
        told = true;
        return [];
      }
    },
  };
}
