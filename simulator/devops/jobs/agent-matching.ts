// Finds the agents that meet the demands of a job.
import { capabilities } from "../pools/agent-record.ts";
import type { AgentPool, AgentRecord } from "../pools/pool-state.ts";
import { type Demand, meets } from "./demands.ts";

/** The agents that could do a job, whether they are online or not. */
export function matchedAgents(pool: AgentPool, demands: readonly Demand[]): AgentRecord[] {
  return [...pool.agents.values()].filter((agent) => {
    const offered = capabilities(agent);
    return demands.every((demand) => meets(offered, demand));
  });
}

/** What the service says when there is none. */
export function noAgentFound(pool: AgentPool, demands: readonly Demand[]): string {
  const listed = demands.map(({ source }) => source).join(", ");
  return `No agent found in pool ${pool.name} which satisfies the specified demands: ${listed}`;
}
