// Assigns queued jobs to agents, and ends jobs that no agent can run.
import { randomUUID } from "node:crypto";
import type { JobVariable, TaskResult } from "../../job-execution/job/job-message.ts";
import type { OrganizationOptions } from "../organization-options.ts";
import { agentReference } from "../pools/agent-record.ts";
import type { AgentPool, AgentRecord, JobRequest } from "../pools/pool-state.ts";
import type { Pools } from "../pools/pools.ts";
import { matchedAgents, noAgentFound } from "./agent-matching.ts";
import { implicitDemand, parseDemand } from "./demands.ts";
import type { JobOffer, JobOutcome, JobQueue, QueuedJob } from "./job-queue.ts";
import { stateOf } from "./job-request-view.ts";
import { runReferences } from "./run-references.ts";
import { serviceTime } from "./time-format.ts";

interface QueueLevers {
  /** Whether an agent that said it is shutting down may get a job all the same (facts agent-protocol §2.4, a race). */
  ignoreAgentShuttingDown: boolean;
}

/** Which job goes to which agent, and when a job ends without one (facts agent-protocol §5). */
export class QueueRules implements JobQueue {
  readonly levers: QueueLevers = { ignoreAgentShuttingDown: false };
  readonly #pools: Pools;
  readonly #options: OrganizationOptions;
  readonly #hostId = randomUUID();
  readonly #serviceOwner = randomUUID();
  readonly #serverUrl: string;
  #lastRequestId = 0;

  constructor(pools: Pools, options: OrganizationOptions, serverUrl: string) {
    this.#serverUrl = serverUrl;
    this.#pools = pools;
    this.#options = options;
  }

  queue(offer: JobOffer): QueuedJob {
    this.#lastRequestId += 1;
    const requestId = this.#lastRequestId;
    const pool = this.#pools.named(offer.poolName);
    if (pool === undefined) {
      const message = `Could not find a pool with name ${offer.poolName}. The pool does not exist or has not been authorized for use.`;
      return refused(requestId, message);
    }
    const demands = [...offer.demands.map(parseDemand), implicitDemand];
    // Any registered agent will do here, online or not (facts agent-protocol §5).
    if (matchedAgents(pool, demands).length === 0) return refused(requestId, noAgentFound(pool, demands));
    let settle: (outcome: JobOutcome) => void = () => {};
    const outcome = new Promise<JobOutcome>((resolve) => {
      settle = resolve;
    });
    const request: JobRequest = {
      requestId,
      poolId: pool.id,
      offer,
      demands,
      queueTime: serviceTime(),
      hostId: this.#hostId,
      resultHidden: this.#options.hideResults,
      serviceOwner: this.#serviceOwner,
      ...runReferences(offer, this.#serverUrl),
      settle,
    };
    pool.requests.push(request);
    this.assign(pool);
    return {
      requestId,
      outcome,
      cancel: (timeoutMs) => this.#cancel(pool, request, timeoutMs),
      unheard: () => this.#unheard(request),
    };
  }

  /** Gives waiting jobs, oldest first, to agents that can take one. Called whenever one of the two may have changed. */
  assign(pool: AgentPool): void {
    for (const request of pool.requests) {
      if (stateOf(request) !== "queued" || this.#running() >= this.#options.parallelJobs) continue;
      const agent = matchedAgents(pool, request.demands).find((each) => this.#available(each));
      if (agent !== undefined) this.#give(request, agent);
    }
  }

  /** The agent tells that it still has the job. */
  renew(request: JobRequest): void {
    request.receiveTime ??= serviceTime();
    this.#lock(request);
    request.lockedUntil = serviceTime(Date.now() + this.#options.lockMs);
  }

  /** Ends a job. An agent's record then shows it as its last completed one. */
  finish(
    request: JobRequest,
    result: TaskResult,
    { outputs = {}, message, outcome = result }: FinishDetails = {},
  ): void {
    if (stateOf(request) === "finished") return;
    clearTimeout(request.timer);
    clearTimeout(request.cancelTimer);
    request.finishTime = serviceTime();
    request.result = result;
    const { agent } = request;
    if (agent !== undefined) this.#release(agent, request);
    request.settle({
      result: outcome,
      outputs,
      ...(agent === undefined ? {} : { agentName: agent.name }),
      ...(message === undefined ? {} : { message }),
    });
    const pool = this.#pools.all().find(({ id }) => id === request.poolId);
    if (pool !== undefined) this.assign(pool);
  }

  /** A record is gone: jobs that only it could have done are refused now, by the stricter reading of facts §11.6. */
  recordDeleted(pool: AgentPool): void {
    if (this.#options.orphanedRequests === "stay") return;
    for (const request of pool.requests.filter((each) => stateOf(each) === "queued")) {
      if (matchedAgents(pool, request.demands).length > 0) continue;
      this.finish(request, "failed", { message: noAgentFound(pool, request.demands) });
    }
  }

  close(): void {
    for (const request of this.#pools.all().flatMap(({ requests }) => requests)) {
      clearTimeout(request.timer);
      clearTimeout(request.cancelTimer);
    }
  }

  #available(agent: AgentRecord): boolean {
    const willing = this.levers.ignoreAgentShuttingDown || agent.session?.shuttingDown !== true;
    return agent.status === "online" && agent.enabled && agent.assigned === undefined && willing;
  }

  #running(): number {
    return this.#pools.all().flatMap(({ requests }) => requests.filter((each) => stateOf(each) === "assigned")).length;
  }

  #give(request: JobRequest, agent: AgentRecord): void {
    request.agent = agent;
    request.assignTime = serviceTime();
    request.reservedAgent = agentReference(agent);
    agent.assigned = request;
    this.#lock(request);
    sendJob(agent);
  }

  #lock(request: JobRequest): void {
    clearTimeout(request.timer);
    request.timer = setTimeout(() => this.#unheard(request), this.#options.lockMs).unref();
  }

  #unheard(request: JobRequest): void {
    const message = `We stopped hearing from agent ${request.agent?.name}. Verify the agent machine is running and has a healthy network connection. Anything that terminates an agent process, starves it for CPU, or blocks its network access can cause this error.`;
    this.finish(request, "abandoned", { outcome: "failed", message });
  }

  #release(agent: AgentRecord, request: JobRequest): void {
    agent.clearing = {
      finished: request,
      previous: agent.lastCompleted,
      first: this.#options.clearing.first,
      readsLeft: this.#options.clearing.reads,
    };
    agent.assigned = undefined;
    agent.lastCompleted = request;
  }

  #cancel(pool: AgentPool, request: JobRequest, timeoutMs: number): void {
    const state = stateOf(request);
    if (state === "queued") {
      this.finish(request, "canceled");
      this.assign(pool);
    }
    if (state !== "assigned" || request.cancelTimer !== undefined) return;
    request.agent?.session?.post("JobCancellation", { jobId: request.offer.jobId, timeout: timeSpan(timeoutMs) });
    request.cancelTimer = setTimeout(() => this.finish(request, "canceled"), timeoutMs).unref();
  }
}

interface FinishDetails {
  readonly outputs?: Readonly<Record<string, JobVariable>>;
  readonly message?: string;
  /** What the job's result is when it differs from the request's. */
  readonly outcome?: TaskResult;
}

/** Puts the job an agent was given, and has not begun, into its session's messages. */
export function sendJob({ assigned, session }: AgentRecord): void {
  if (assigned === undefined || assigned.receiveTime !== undefined) return;
  session?.post("PipelineAgentJobRequest", assigned.offer.message(assigned.requestId));
}

function refused(requestId: number, message: string): QueuedJob {
  const outcome: JobOutcome = { result: "failed", outputs: {}, message };
  return { requestId, outcome: Promise.resolve(outcome), cancel: () => {}, unheard: () => {} };
}

/** `d.hh:mm:ss` without the days, as .NET writes a TimeSpan. */
function timeSpan(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000);
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return parts.map((part) => String(part).padStart(2, "0")).join(":");
}
