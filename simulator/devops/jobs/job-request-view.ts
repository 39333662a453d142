// A job request as a GET shows it, and the state that it is in.
import { matchedAgentReference } from "../pools/agent-record.ts";
import type { AgentRecord, JobRequest } from "../pools/pool-state.ts";

type JobRequestState = "queued" | "assigned" | "finished";

export function stateOf(request: JobRequest): JobRequestState {
  if (request.finishTime !== undefined) return "finished";
  return request.agent === undefined ? "queued" : "assigned";
}

/**
 * A request in the service's fields, as recorded (recordings, devops: jobrequests): without the job's name, and locked only
 * while an agent runs it.
 * @param matchedAgents shown while it is queued only; left out with `$top` (facts §4.2 point 6).
 */
export function jobRequestView(request: JobRequest, matchedAgents?: readonly AgentRecord[]): object {
  const { offer } = request;
  const { assignTime, receiveTime, lockedUntil, finishTime, result, reservedAgent } = request;
  const shownResult = request.resultHidden ? undefined : result;
  const shownLock = finishTime === undefined ? lockedUntil : undefined;
  return {
    requestId: request.requestId,
    queueTime: request.queueTime,
    ...defined({ assignTime, receiveTime, lockedUntil: shownLock, finishTime, result: shownResult }),
    serviceOwner: request.serviceOwner,
    hostId: request.hostId,
    scopeId: offer.scopeId,
    planType: offer.planType,
    planId: offer.planId,
    jobId: offer.jobId,
    demands: request.demands.map(({ source }) => source),
    ...defined({ reservedAgent }),
    ...(stateOf(request) === "queued" && matchedAgents !== undefined
      ? { matchedAgents: matchedAgents.map(matchedAgentReference) }
      : {}),
    definition: request.definition,
    owner: request.owner,
    data: { ParallelismTag: "Private" },
    poolId: request.poolId,
    agentDelays: [],
    orchestrationId: offer.orchestrationId,
    priority: 0,
    matchesAllAgentsInPool: false,
  };
}

function defined(values: Readonly<Record<string, unknown>>): object {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
