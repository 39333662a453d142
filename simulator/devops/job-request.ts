import type { TaskResult } from "../worker/job-message.ts";
import { type AgentRecord, matchedAgentReference } from "./agent-record.ts";
import type { Demand } from "./demands.ts";
import type { JobOffer, JobOutcome } from "./job-queue.ts";

/** A job waiting for, assigned to or finished by an agent of a pool. */
export interface JobRequest {
  readonly requestId: number;
  readonly poolId: number;
  readonly offer: JobOffer;
  readonly demands: readonly Demand[];
  readonly queueTime: string;
  /** Ids of the organization and of the service, shown with every request. */
  readonly hostId: string;
  readonly serviceOwner: string;
  readonly definition: object;
  readonly owner: object;
  assignTime?: string;
  /** First renewal: the agent has begun. */
  receiveTime?: string;
  lockedUntil?: string;
  finishTime?: string;
  result?: TaskResult;
  agent?: AgentRecord;
  /** Two of five finished requests that were recorded have no result. */
  readonly resultHidden: boolean;
  /** The agent as it was when it got the job; its record may be gone. */
  reservedAgent?: object;
  /** Ends the wait for the agent: for its renewal, or for its answer to a cancellation. */
  timer?: NodeJS.Timeout;
  cancelTimer?: NodeJS.Timeout;
  settle(outcome: JobOutcome): void;
}

export type JobRequestState = "queued" | "assigned" | "finished";

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
