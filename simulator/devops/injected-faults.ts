// Faults of Azure DevOps that tests and the demo can switch on.

import type { QueueRules } from "./jobs/job-assignment.ts";
import type { OrganizationOptions } from "./organization-options.ts";
import type { AgentRecord } from "./pools/pool-state.ts";
import type { Pools } from "./pools/pools.ts";
import { accessDenied, ServiceError } from "./service-error.ts";
import type { MessageLevers } from "./sessions/message-routes.ts";
import type { Session } from "./sessions/session.ts";
import type { Sessions } from "./sessions/session-routes.ts";

/** What only the service can do wrong, or do on its own; faults of single requests belong to the sites. */
export interface Levers {
  /** Tells an agent to update itself, to the organization's version unless another is named. */
  sendAgentRefresh(agentId: number, targetVersion?: string): void;
  /** Offers the message that was deleted last once more. */
  redeliver(agentId: number): void;
  /** Ends a session as if nobody had polled for too long. */
  expireSession(agentId: number): void;
  /** Refuses the next session: because another is open (the listener tries again), or for good. */
  refuseSession(why: "conflict" | "accessDenied"): void;
  /** From now on answers polls without a position with 503, except the first of a session. */
  dropKeepAlives(drop?: boolean): void;
  /** From now on gives a job even to an agent that said it takes no more: it will never begin. */
  ignoreAgentShuttingDown(ignore?: boolean): void;
}

interface LeversContext {
  readonly pools: Pools;
  readonly queue: QueueRules;
  readonly sessions: Sessions;
  readonly messages: MessageLevers;
  readonly options: OrganizationOptions;
}

export function createLevers({ pools, queue, sessions, messages, options }: LeversContext): Levers {
  const agentOf = (agentId: number): AgentRecord => {
    const agent = pools.agent(agentId);
    if (agent === undefined) throw new Error(`There is no agent ${agentId}.`);
    return agent;
  };
  const sessionOf = (agentId: number): Session => {
    const { session } = agentOf(agentId);
    if (session === undefined) throw new Error(`Agent ${agentId} has no session.`);
    return session;
  };
  return {
    sendAgentRefresh(agentId, targetVersion = options.agentVersion) {
      sessionOf(agentId).post("AgentRefresh", { agentId, timeout: "00:10:00", targetVersion });
    },
    redeliver(agentId) {
      if (!sessionOf(agentId).redeliver()) throw new Error(`No message of agent ${agentId} was deleted.`);
    },
    expireSession(agentId) {
      sessions.close(agentOf(agentId), sessionOf(agentId));
    },
    refuseSession(why) {
      const conflict = new ServiceError(409, "TaskAgentSessionConflictException", "The agent already has a session.");
      sessions.refusals.push(why === "conflict" ? conflict : accessDenied("The agent", "Listen"));
    },
    dropKeepAlives(drop = true) {
      messages.dropKeepAlives = drop;
    },
    ignoreAgentShuttingDown(ignore = true) {
      queue.levers.ignoreAgentShuttingDown = ignore;
      for (const pool of pools.all()) queue.assign(pool);
    },
  };
}
