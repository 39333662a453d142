// What the pool API answers, as the core sees it.
import {
  type TaskAgent,
  type TaskAgentJobRequest,
  TaskAgentStatus,
} from "azure-devops-node-api/interfaces/TaskAgentInterfaces.js";
import type { AgentView, JobRequest } from "../ports.ts";
import { jobResult } from "./results.ts";

export function jobRequestView(request: TaskAgentJobRequest): JobRequest {
  const { reservedAgent, matchedAgents, lockedUntil, result, owner, statusMessage } = request;
  // Text on the wire, although the typings say objects (facts agent-protocol §4.1).
  const demands = (request.demands as readonly unknown[] | undefined)?.filter((each) => typeof each === "string");
  return {
    requestId: request.requestId ?? 0,
    jobId: request.jobId ?? "",
    jobName: request.jobName ?? "",
    planId: request.planId ?? "",
    planType: request.planType ?? "",
    scopeId: request.scopeId ?? "",
    ownerId: String(owner?.id ?? ""),
    ownerName: owner?.name ?? "",
    finished: result !== undefined || request.finishTime !== undefined,
    ...(reservedAgent?.id === undefined ? {} : { agentId: reservedAgent.id }),
    ...(matchedAgents === undefined ? {} : { matchedAgentIds: matchedAgents.flatMap((agent) => agent.id ?? []) }),
    ...(demands === undefined ? {} : { demands }),
    ...(statusMessage ? { statusMessage } : {}),
    ...(lockedUntil === undefined ? {} : { lockedUntil: new Date(lockedUntil).toISOString() }),
    ...(result === undefined ? {} : { result: jobResult(result) }),
  };
}

export function agentView(agent: TaskAgent): AgentView {
  const { assignedRequest, lastCompletedRequest } = agent;
  return {
    id: agent.id ?? 0,
    name: agent.name ?? "",
    online: agent.status === TaskAgentStatus.Online,
    enabled: agent.enabled ?? true,
    capabilities: agent.userCapabilities ?? {},
    systemCapabilities: agent.systemCapabilities ?? {},
    ...(assignedRequest ? { assignedRequest: jobRequestView(assignedRequest) } : {}),
    ...(lastCompletedRequest ? { lastCompletedRequest: jobRequestView(lastCompletedRequest) } : {}),
  };
}
