// Converts answers about agents and jobs to the types of the AgentPool port.
import {
  type TaskAgent,
  type TaskAgentJobRequest,
  TaskAgentStatus,
} from "azure-devops-node-api/interfaces/TaskAgentInterfaces.js";
import type { AgentView, JobRequest } from "../ports.ts";
import { jobResult } from "./job-results.ts";

export function jobRequestView(request: TaskAgentJobRequest): JobRequest {
  const { reservedAgent, matchedAgents, lockedUntil, result, owner, statusMessage } = request;
  // Text on the wire, although the typings say objects (facts agent-protocol §4.1).
  const demands = (request.demands as readonly unknown[] | undefined)?.filter((each) => typeof each === "string");
  return {
    requestId: request.requestId ?? 0,
    jobId: request.jobId ?? "",
    jobName: request.jobName ?? namedBy(request.orchestrationId),
    planId: request.planId ?? "",
    planType: request.planType ?? "",
    scopeId: request.scopeId ?? "",
    ownerId: ownerIdOf(request),
    ownerName: owner?.name ?? "",
    finished: result !== undefined || request.finishTime !== undefined,
    ...(reservedAgent?.id === undefined ? {} : { agentId: reservedAgent.id }),
    ...(matchedAgents === undefined ? {} : { matchedAgentIds: matchedAgents.flatMap((agent) => agent.id ?? []) }),
    ...(demands === undefined ? {} : { demands }),
    ...(statusMessage ? { statusMessage } : {}),
    ...(lockedUntil === undefined ? {} : { lockedUntil: new Date(lockedUntil).toISOString() }),
    ...moment("queuedAt", request.queueTime),
    ...moment("assignedAt", request.receiveTime ?? request.assignTime),
    ...moment("finishedAt", request.finishTime),
    ...(result === undefined ? {} : { result: jobResult(result) }),
  };
}

/**
 * The job's name as its orchestration is called, `<plan>.<stage>.<job>.__default`, where no stage may be: the service gives
 * requests no other (recordings, devops: jobrequests). Empty when nothing but defaults is there.
 */
function namedBy(orchestrationId = ""): string {
  const parts = orchestrationId.split(".").slice(1);
  const named = parts.filter((part) => part !== "__default");
  return named.length > 1 ? named.slice(1).join(".") : (named[0] ?? "");
}

/** Of a release, `owner` is the deployment of a stage; which release it is, only its link says (as recorded in 2019). */
function ownerIdOf({ owner }: TaskAgentJobRequest): string {
  const { href = "" } = (owner?._links as { self?: { href?: string } } | undefined)?.self ?? {};
  return /\/releases\/(\d+)$/i.exec(href)?.[1] ?? String(owner?.id ?? "");
}

/** A time on the wire; nothing where the service tells none. */
function moment<Name extends string>(name: Name, at: Date | undefined): { readonly [Key in Name]?: number } {
  const ms = at === undefined ? Number.NaN : new Date(at).getTime();
  return (Number.isNaN(ms) ? {} : { [name]: ms }) as { readonly [Key in Name]?: number };
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
