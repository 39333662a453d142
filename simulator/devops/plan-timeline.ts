import type { Api, ApiRequest } from "./api.ts";
import { demandRun, planRoute } from "./plans.ts";
import type { Pools } from "./pools.ts";
import { recordPatch } from "./reports/record-patch.ts";
import type { Run, Runs } from "./runs.ts";
import { invalidArgument, ServiceError } from "./service-error.ts";
import { collection, fields, list, text } from "./wire.ts";

const recordsRoute = `${planRoute}/timelines/:timelineId/records`;

/** Records, live lines and logs as a worker sends them while it works (facts agent-protocol §3.3 point 8). */
export function servePlanTimeline(api: Api, pools: Pools, runs: Runs): void {
  const ofTimeline = (request: ApiRequest): Run => {
    const run = demandRun(request, pools, runs);
    const id = request.param("timelineId");
    if (run.timelineId === id.toLowerCase()) return run;
    throw new ServiceError(404, "TimelineNotFoundException", `No timeline found for identifier ${id}.`);
  };
  const agents = { agents: true };

  api.route(
    "GET",
    recordsRoute,
    (request) => ({ status: 200, body: collection(ofTimeline(request).timeline.records()) }),
    agents,
  );
  api.route(
    "PATCH",
    recordsRoute,
    (request) => {
      const run = ofTimeline(request);
      const patches = list(fields(request.body(), "The records"), "value").map(recordPatch);
      for (const patch of patches) run.record(patch);
      return { status: 200, body: collection(patches.map(({ id }) => run.timeline.find(id))) };
    },
    agents,
  );
  api.route(
    "POST",
    `${recordsRoute}/:recordId/feed`,
    (request) => {
      const run = ofTimeline(request);
      const lines = list(fields(request.body(), "The feed"), "value").map((line) => {
        if (typeof line !== "string") throw invalidArgument("Every line of a feed must be a string.");
        return line;
      });
      run.lines(request.param("recordId"), lines);
      return { status: 204 };
    },
    agents,
  );
  api.route(
    "POST",
    `${planRoute}/logs`,
    (request) => {
      const run = demandRun(request, pools, runs);
      const path = text(fields(request.body(), "The log"), "path");
      return { status: 200, body: { id: run.timeline.createLog(path), path } };
    },
    agents,
  );
  api.route(
    "POST",
    `${planRoute}/logs/:logId`,
    (request) => {
      const run = demandRun(request, pools, runs);
      const id = Number(request.param("logId"));
      if (run.timeline.appendLog(id, request.bytes.toString("utf8"))) return { status: 200, body: { id } };
      throw new ServiceError(404, "TaskOrchestrationLogNotFoundException", `No log found for identifier ${id}.`);
    },
    agents,
  );
}
