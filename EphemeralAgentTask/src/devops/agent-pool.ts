// The AgentPool port over the organization's REST API.

import type { TaskAgent } from "azure-devops-node-api/interfaces/TaskAgentInterfaces.js";
import { TaskAgentApi } from "azure-devops-node-api/TaskAgentApi.js";
import { TaskError } from "../errors.ts";
import { type AgentDefinition, type AgentPool, type RegisteredAgent, ServiceFault } from "../ports.ts";
import type { DevOpsConnection } from "../settings.ts";
import type { Transport } from "../transport.ts";
import { agentFiles, newAgentKey } from "./agent-files.ts";
import { tryAgentToken } from "./agent-token.ts";
import { callWith, refusingSignInPages, sessionWith } from "./connection.ts";
import { agentView, jobRequestView } from "./views.ts";

/** Finished jobs that a look at the pool shows besides the waiting and running ones. */
const finishedJobs = 50;

/** The organization's pools: the client, and a way to call it with a token that is good. */
export interface PoolClient {
  readonly api: TaskAgentApi;
  readonly url: string;
  readonly transport: Transport;
  /** @param changes true for a request that makes something */
  call<T>(changes: boolean, send: () => Promise<T>): Promise<T>;
}

export function poolClient(devops: DevOpsConnection, transport: Transport, productVersion: string): PoolClient {
  const session = sessionWith(devops, transport);
  const product = `EphemeralAgent/${productVersion}`;
  const api = refusingSignInPages(new TaskAgentApi(devops.url, session.handlers, session.options, product), transport);
  return { api, url: devops.url, transport, call: (changes, send) => callWith(session, changes, send) };
}

/**
 * Finds a pool by name.
 * @returns undefined when the organization has none of that name, or hides it from this token
 * @throws `ServiceFault`
 */
export async function findPool(client: PoolClient, name: string): Promise<AgentPool | undefined> {
  const { api, call } = client;
  const pools = await call(false, () => api.getAgentPools(name));
  const found = pools?.find((pool) => pool.name?.toLowerCase() === name.toLowerCase() && pool.id !== undefined);
  return found?.id === undefined ? undefined : agentPool(client, found.id, found.name ?? name);
}

/** @throws `TaskError` EA507 when the organization has no pool of that name for this token; `ServiceFault` */
export async function requirePool(client: PoolClient, name: string): Promise<AgentPool> {
  const pool = await findPool(client, name);
  if (pool) return pool;
  throw new TaskError(
    "EA507",
    `the organization ${client.url} has no agent pool '${name}', or hides it from the token.`,
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
export function agentPool({ api, call, url: serverUrl, transport }: PoolClient, id: number, name: string): AgentPool {
  /** Writes a record with a fresh key and keeps what only this answer tells: where the agent gets its tokens. */
  async function write(
    definition: AgentDefinition,
    send: (body: TaskAgent) => Promise<TaskAgent>,
  ): Promise<RegisteredAgent> {
    const key = await newAgentKey();
    const agent = await send(recordBody(definition, key.publicKey));
    const { authorizationUrl, clientId } = agent?.authorization ?? {};
    if (agent?.id === undefined || !authorizationUrl || !clientId) {
      throw new ServiceFault(
        "Azure DevOps",
        "unexpected",
        "the answer to a registration had no authorization address.",
        { ambiguous: true },
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

  return {
    id,
    name,

    agentPackage: () =>
      call(false, async () => {
        const [latest] = (await api.getPackages("agent", "linux-x64", 1)) ?? [];
        if (!latest?.version || !latest.downloadUrl || !latest.hashValue) {
          throw new ServiceFault(
            "Azure DevOps",
            "unexpected",
            "the organization offers no agent package for linux-x64.",
          );
        }
        const { major, minor, patch } = latest.version;
        return {
          version: `${major}.${minor}.${patch}`,
          url: latest.downloadUrl,
          filename: latest.filename ?? "agent.tar.gz",
          sha256: latest.hashValue,
        };
      }),

    register: (definition) => call(true, () => write(definition, (body) => api.addAgent(body, id))),
    registerAgain: (agentId, definition) =>
      call(true, () => write(definition, (body) => api.replaceAgent({ ...body, id: agentId }, id, agentId))),
    tryCredential: (agent) => call(false, () => tryAgentToken(agent, transport)),

    setCapabilities: (agentId, capabilities) =>
      call(true, async () => {
        await api.updateAgentUserCapabilities({ ...capabilities }, id, agentId);
      }),

    get: (agentId) =>
      call(false, async () => {
        const agent = await api.getAgent(id, agentId, true, true, true);
        return agent ? agentView(agent) : undefined;
      }),

    find: (agentName) =>
      call(false, async () => {
        const agents = await api.getAgents(id, agentName, true, true, true);
        return (agents ?? []).map(agentView).find((agent) => agent.name === agentName);
      }),

    list: () => call(false, async () => ((await api.getAgents(id, undefined, true, true, true)) ?? []).map(agentView)),

    disable: (agentId) =>
      call(true, async () => {
        await api.updateAgent({ id: agentId, enabled: false }, id, agentId);
      }),

    async remove(agentId) {
      try {
        // The client answers a 404 as it answers success: whether the record was there is seen by reading it.
        await call(true, () => api.deleteAgent(id, agentId));
        return "removed";
      } catch (error) {
        if (!(error instanceof ServiceFault)) throw error;
        if (error.code === "TaskAgentNotFoundException") return "absent";
        // By type first, by words second: the type key is from clients' code, not from a live answer (facts §4.3).
        if (error.code === "TaskAgentJobStillRunningException" || / is running a job /.test(error.message))
          return "busy";
        throw error;
      }
    },

    async jobRequests() {
      try {
        // Without agent ids it is every job of the pool. Undocumented, and perhaps refused to a job token (facts §11.5).
        const requests = await call(false, () => api.getAgentRequestsForAgents(id, undefined, finishedJobs));
        return (requests ?? []).map(jobRequestView);
      } catch (error) {
        if (error instanceof ServiceFault && error.details.status === 403) return [];
        throw error;
      }
    },
  };
}
