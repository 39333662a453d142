// The routes of job requests.
import type { TaskResult } from "../../job-execution/job/job-message.ts";
import type { Api, ApiRequest } from "../api-routes.ts";
import { collection, optionalEnum, optionalFields, optionalText } from "../json-fields.ts";
import type { AgentPool, JobRequest } from "../pools/pool-state.ts";
import type { Pools } from "../pools/pools.ts";
import { outputsOf } from "../runs/output-variables.ts";
import type { Runs } from "../runs/runs.ts";
import { accessDenied, invalidArgument, ServiceError } from "../service-error.ts";
import type { Sessions } from "../sessions/session-routes.ts";
import { matchedAgents } from "./agent-matching.ts";
import type { QueueRules } from "./job-assignment.ts";
import { jobRequestView, stateOf } from "./job-request-view.ts";
import { taskResults } from "./result-numbers.ts";

const requestsRoute = "_apis/distributedtask/pools/:poolId/jobrequests";
/** How many finished requests are listed when nobody says. */
const defaultCompleted = 25;

interface JobRequestsContext {
  readonly pools: Pools;
  readonly sessions: Sessions;
  readonly queue: QueueRules;
  readonly runs: Runs;
}

/** Job requests of a pool as anybody sees them, and the agent's renewal of its own (facts agent-protocol §3.3, §4.2). */
export function serveJobRequests(api: Api, { pools, sessions, queue, runs }: JobRequestsContext): void {
  api.route("GET", requestsRoute, (request) => {
    const pool = pools.demand(request, "View");
    return { status: 200, body: collection(listed(pool, request)) };
  });
  api.route("GET", `${requestsRoute}/:requestId`, (request) => {
    const pool = pools.demand(request, "View");
    const found = find(pool, request);
    return { status: 200, body: jobRequestView(found, matchedAgents(pool, found.demands)) };
  });
  api.route(
    "PATCH",
    `${requestsRoute}/:requestId`,
    (request) => {
      const agent = sessions.own(request);
      const found = find(agent.pool, request);
      if (found.agent !== agent) throw accessDenied(agent.name, "Listen");
      if (stateOf(found) === "finished") {
        const message = `The job request ${found.requestId} is locked no longer.`;
        throw new ServiceError(400, "TaskAgentJobTokenExpiredException", message);
      }
      const finish = finishedBy(request);
      if (finish === undefined) queue.renew(found);
      else queue.finish(found, finish, { outputs: outputsOf(runs, found) });
      return { status: 200, body: jobRequestView(found) };
    },
    { agents: true },
  );
}

/** The result with which a listener ends a job whose plan has no version (microsoft/azure-pipelines-agent, JobDispatcher). */
function finishedBy(request: ApiRequest): TaskResult | undefined {
  const sent = optionalFields(request.body(), "The job request");
  if (sent === undefined || optionalText(sent, "finishTime") === undefined) return undefined;
  const result = optionalEnum(sent, "result", taskResults);
  if (result === undefined) throw invalidArgument("result must be given with finishTime.");
  return result;
}

function find(pool: AgentPool, request: ApiRequest): JobRequest {
  const id = Number(request.param("requestId"));
  const found = pool.requests.find(({ requestId }) => requestId === id);
  if (found === undefined) {
    throw new ServiceError(404, "TaskAgentJobNotFoundException", `No job request found with identifier ${id}.`);
  }
  return found;
}

/** Newest first. `$top` overrides `completedRequestCount` and changes what is shown (facts agent-protocol §4.2). */
function listed(pool: AgentPool, request: ApiRequest): object[] {
  const asked = [...pool.requests].reverse().filter((each) => isAsked(pool, each, request));
  const top = request.query("$top");
  if (top !== undefined) return asked.slice(0, Number(top)).map((each) => jobRequestView(each));
  let completedLeft = Number(request.query("completedRequestCount") ?? defaultCompleted);
  const shown = asked.filter((each) => {
    if (stateOf(each) !== "finished") return true;
    completedLeft -= 1;
    return completedLeft >= 0;
  });
  return shown.map((each) => jobRequestView(each, matchedAgents(pool, each.demands)));
}

function isAsked(pool: AgentPool, each: JobRequest, request: ApiRequest): boolean {
  const [planId, jobId] = [request.query("planId"), request.query("jobId")];
  if (planId !== undefined && each.offer.planId !== planId) return false;
  if (jobId !== undefined && each.offer.jobId !== jobId) return false;
  const agentIds = request.query("agentIds") ?? request.query("agentId");
  if (agentIds === undefined) return true;
  const ids = agentIds.split(",").map(Number);
  if (each.agent !== undefined) return ids.includes(each.agent.id);
  return stateOf(each) === "queued" && matchedAgents(pool, each.demands).some(({ id }) => ids.includes(id));
}
