// Reads and changes an agent record, and refers to it from other resources.
import type { AgentRecord, Capabilities } from "./pool-state.ts";

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
