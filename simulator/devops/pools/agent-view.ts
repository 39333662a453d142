// An agent record as a GET shows it.

import type { ApiRequest } from "../api-routes.ts";
import { jobRequestView } from "../jobs/job-request-view.ts";
import { agentReference } from "./agent-record.ts";
import type { AgentRecord, JobRequest } from "./pool-state.ts";

interface AgentInclusions {
  readonly capabilities: boolean;
  readonly assignedRequest: boolean;
  readonly lastCompletedRequest: boolean;
}

/** What a GET asked to see besides the record itself. */
export function inclusions(request: ApiRequest): AgentInclusions {
  const asked = (name: string): boolean => request.query(name)?.toLowerCase() === "true";
  return {
    capabilities: asked("includeCapabilities"),
    assignedRequest: asked("includeAssignedRequest"),
    lastCompletedRequest: asked("includeLastCompletedRequest"),
  };
}

/** A record as GET shows it: never with `authorizationUrl`, which only POST and PUT answer (facts agent-protocol §1.2). */
export function agentView(agent: AgentRecord, include: AgentInclusions): object {
  const { assigned, lastCompleted } = seenRequests(agent, include);
  return {
    ...agentReference(agent),
    maxParallelism: agent.maxParallelism,
    createdOn: agent.createdOn,
    statusChangedOn: agent.statusChangedOn,
    authorization: {
      clientId: agent.clientId,
      ...(agent.publicKey === undefined ? {} : { publicKey: agent.publicKey }),
    },
    ...(include.capabilities
      ? { systemCapabilities: agent.systemCapabilities, userCapabilities: agent.userCapabilities }
      : {}),
    ...(include.assignedRequest && assigned !== undefined ? { assignedRequest: jobRequestView(assigned) } : {}),
    ...(include.lastCompletedRequest && lastCompleted !== undefined
      ? { lastCompletedRequest: jobRequestView(lastCompleted) }
      : {}),
  };
}

/** The answer to a registration: the only one that says where the agent gets its tokens. */
export function registrationView(agent: AgentRecord, authorizationUrl: string, serverUrl: string): object {
  return {
    ...agentView(agent, { capabilities: true, assignedRequest: false, lastCompletedRequest: false }),
    authorization: {
      authorizationUrl,
      clientId: agent.clientId,
      ...(agent.publicKey === undefined ? {} : { publicKey: agent.publicKey }),
    },
    properties: { ServerUrl: { $type: "System.String", $value: serverUrl } },
  };
}

interface SeenRequests {
  readonly assigned: JobRequest | undefined;
  readonly lastCompleted: JobRequest | undefined;
}

/** Counts a read of either field: after a job the two change one after the other (facts agent-protocol §4.2 point 4). */
function seenRequests(agent: AgentRecord, include: AgentInclusions): SeenRequests {
  const { assigned, lastCompleted, clearing } = agent;
  if (clearing === undefined || !(include.assignedRequest || include.lastCompletedRequest)) {
    return { assigned, lastCompleted };
  }
  if (clearing.readsLeft <= 0) {
    agent.clearing = undefined;
    return { assigned, lastCompleted };
  }
  clearing.readsLeft -= 1;
  return clearing.first === "assignedRequest"
    ? { assigned, lastCompleted: clearing.previous }
    : { assigned: assigned ?? clearing.finished, lastCompleted };
}
