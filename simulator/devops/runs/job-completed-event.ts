// The route by which a worker reports that its job is over.
import type { TaskResult } from "../../job-execution/job/job-message.ts";
import type { Api } from "../api-routes.ts";
import type { QueueRules } from "../jobs/job-assignment.ts";
import { stateOf } from "../jobs/job-request-view.ts";
import { taskResults } from "../jobs/result-numbers.ts";
import { type Fields, fields, optionalBoolean, optionalEnum, optionalNumber, text } from "../json-fields.ts";
import type { JobRequest } from "../pools/pool-state.ts";
import type { Pools } from "../pools/pools.ts";
import { invalidArgument, ServiceError } from "../service-error.ts";
import { outputsOf } from "./output-variables.ts";
import { demandPlan, planRoute } from "./plan-access.ts";
import type { Runs } from "./runs.ts";

/** How a worker says that its job is over (facts agent-protocol §3.3 point 7). */
export function servePlanEvents(api: Api, pools: Pools, runs: Runs, queue: QueueRules): void {
  api.route(
    "POST",
    `${planRoute}/events`,
    (request) => {
      const planId = demandPlan(request, pools);
      const sent = fields(request.body(), "The event");
      if (text(sent, "name").toLowerCase() !== "jobcompleted")
        throw invalidArgument(`The event ${text(sent, "name")} is not known.`);
      const completed = running(pools, planId, text(sent, "jobId"), optionalNumber(sent, "requestId"));
      const session = completed.agent?.session;
      if (session !== undefined && optionalBoolean(sent, "agentShuttingDown") === true) session.shuttingDown = true;
      queue.finish(completed, result(sent), { outputs: outputsOf(runs, completed) });
      return { status: 204 };
    },
    { agents: true },
  );
}

function running(pools: Pools, planId: string, jobId: string, requestId: number | undefined): JobRequest {
  const found = pools
    .all()
    .flatMap(({ requests }) => requests)
    .find((each) => each.requestId === requestId && each.offer.planId === planId && each.offer.jobId === jobId);
  if (found === undefined || stateOf(found) !== "assigned") {
    throw new ServiceError(404, "TaskAgentJobNotFoundException", `The job ${jobId} is not running.`);
  }
  return found;
}

function result(sent: Fields): TaskResult {
  const found = optionalEnum(sent, "result", taskResults);
  if (found === undefined) throw invalidArgument("result must be given.");
  return found;
}
