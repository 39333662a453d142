import type { JobRequest } from "./job-request.ts";
import type { AgentPool } from "./pools.ts";
import type { Session } from "./session.ts";

export type Capabilities = Readonly<Record<string, string>>;

/** An agent's key as it is registered: standard base64 of big-endian bytes (facts agent-protocol §1.2). */
export interface PublicKey {
  readonly exponent: string;
  readonly modulus: string;
}

/** An entry of a pool. It is online while a listener has a session for it. */
export interface AgentRecord {
  readonly id: number;
  readonly pool: AgentPool;
  name: string;
  version: string;
  osDescription: string;
  enabled: boolean;
  maxParallelism: number;
  provisioningState: string;
  readonly createdOn: string;
  statusChangedOn: string;
  status: "online" | "offline";
  /** Its OAuth client. */
  clientId: string;
  publicKey: PublicKey | undefined;
  systemCapabilities: Capabilities;
  userCapabilities: Capabilities;
  session: Session | undefined;
  assigned: JobRequest | undefined;
  lastCompleted: JobRequest | undefined;
  clearing: Clearing | undefined;
  /** Put there by the simulator's owner, so it is no leftover. */
  readonly seeded: boolean;
}

/** The moment after a job when the two fields that tell of it do not agree yet (facts agent-protocol §4.2 point 4). */
export interface Clearing {
  readonly finished: JobRequest;
  readonly previous: JobRequest | undefined;
  readonly first: "assignedRequest" | "lastCompletedRequest";
  readsLeft: number;
}

/** System and user capabilities together, which is what demands are compared with. */
export function capabilities(agent: AgentRecord): Capabilities {
  return { ...agent.systemCapabilities, ...agent.userCapabilities };
}

export function setStatus(agent: AgentRecord, status: "online" | "offline"): void {
  if (agent.status === status) return;
  agent.status = status;
  agent.statusChangedOn = new Date().toISOString();
}

/** What a request shows of an agent that could take it (recordings, devops: jobrequests, matchedAgents). */
export function matchedAgentReference(agent: AgentRecord): object {
  const { id, name, version, enabled, status, provisioningState } = agent;
  return { _links: agentLinks(agent), id, name, version, enabled, status, provisioningState };
}

/** What other resources show of an agent. */
export function agentReference(agent: AgentRecord): object {
  const { osDescription } = agent;
  return {
    ...matchedAgentReference(agent),
    ...(osDescription === "" ? {} : { osDescription }),
    accessPoint: "AccessMapping",
  };
}

function agentLinks({ id, pool }: AgentRecord): object {
  return {
    self: { href: `${pool.serverUrl}_apis/distributedtask/pools/${pool.id}/agents/${id}` },
    web: { href: `${pool.serverUrl}_settings/agentpools?view=jobs&poolId=${pool.id}&agentId=${id}` },
  };
}
