// The routes by which a worker reports records and logs.
import type { Api, ApiRequest } from "../api-routes.ts";
import { collection, fields, list, text } from "../json-fields.ts";
import type { Pools } from "../pools/pools.ts";
import { invalidArgument, ServiceError } from "../service-error.ts";
import { demandRun, planRoute } from "./plan-access.ts";
import type { Run, Runs } from "./runs.ts";
import { recordPatch } from "./timeline-record-body.ts";
import { reportedRecord, timelineOf } from "./timeline-routes.ts";
import type { TimelineStore } from "./timeline-store.ts";

const recordsRoute = `${planRoute}/timelines/:timelineId/records`;

/** Records, live lines and logs as a worker sends them while it works (facts agent-protocol §3.3 point 8). */
export function servePlanTimeline(api: Api, pools: Pools, runs: Runs, serverUrl: string): void {
  const ofTimeline = (request: ApiRequest): { run: Run; timeline: TimelineStore } => {
    const run = demandRun(request, pools, runs);
    return { run, timeline: timelineOf(run, request) };
  };
  const agents = { agents: true };

  api.route(
    "GET",
    recordsRoute,
    (request) => ({ status: 200, body: collection(ofTimeline(request).timeline.records().map(reportedRecord)) }),
    agents,
  );
  api.route(
    "PATCH",
    recordsRoute,
    (request) => {
      const { run, timeline } = ofTimeline(request);
      const patches = list(fields(request.body(), "The records"), "value").map(recordPatch);
      // Whoever follows the run is told of its own timeline only.
      const merged = patches.map((patch) => (timeline === run.timeline ? run.record(patch) : timeline.merge(patch)));
      return { status: 200, body: collection(merged.map(reportedRecord)) };
    },
    agents,
  );
  api.route(
    "POST",
    `${recordsRoute}/:recordId/feed`,
    (request) => {
      const { run } = ofTimeline(request);
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
      return { status: 200, body: logView(run, run.timeline.createLog(path), serverUrl) };
    },
    agents,
  );
  api.route(
    "POST",
    `${planRoute}/logs/:logId`,
    (request) => {
      const run = demandRun(request, pools, runs);
      const id = Number(request.param("logId"));
      if (run.timeline.appendLog(id, request.bytes.toString("utf8"))) {
        return { status: 200, body: logView(run, id, serverUrl) };
      }
      throw new ServiceError(404, "TaskOrchestrationLogNotFoundException", `No log found for identifier ${id}.`);
    },
    agents,
  );
}

/** A log, whose `path` an agent cannot be without (facts agent-protocol §12). */
function logView(run: Run, id: number, serverUrl: string): object {
  const { path = "", lineCount = 0, createdOn, lastChangedOn } = run.timeline.logFile(id) ?? {};
  const plan = `${serverUrl}${run.project.id}/_apis/distributedtask/hubs/${run.kind}/plans/${run.planId}`;
  return { id, location: `${plan}/logs/${id}`, indexLocation: null, path, lineCount, createdOn, lastChangedOn };
}
