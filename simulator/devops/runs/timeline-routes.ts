// The timelines of a plan.
import type { Api, ApiRequest } from "../api-routes.ts";
import { collection, fields, text } from "../json-fields.ts";
import type { Pools } from "../pools/pools.ts";
import { ServiceError } from "../service-error.ts";
import { demandRun, planRoute } from "./plan-access.ts";
import type { Run, Runs } from "./runs.ts";
import type { TimelineRecord } from "./timeline-record.ts";
import type { TimelineStore } from "./timeline-store.ts";

const timelinesRoute = `${planRoute}/timelines`;

/** The timelines of a plan: the run's own, and those that a worker makes for the details of a task. */
export function serveTimelines(api: Api, pools: Pools, runs: Runs): void {
  const agents = { agents: true };
  api.route(
    "GET",
    timelinesRoute,
    (request) => {
      const run = demandRun(request, pools, runs);
      return { status: 200, body: collection(run.timelines().map((timeline) => timelineView(timeline, false))) };
    },
    agents,
  );
  api.route(
    "POST",
    timelinesRoute,
    (request) => {
      const run = demandRun(request, pools, runs);
      const id = text(fields(request.body(), "The timeline"), "id");
      return { status: 200, body: timelineView(run.addTimeline(id), false) };
    },
    agents,
  );
  api.route(
    "GET",
    `${timelinesRoute}/:timelineId`,
    (request) => {
      const run = demandRun(request, pools, runs);
      const withRecords = request.query("includeRecords")?.toLowerCase() === "true";
      return { status: 200, body: timelineView(timelineOf(run, request), withRecords) };
    },
    agents,
  );
}

/** The timeline that a request is about. @throws ServiceError 404 when the plan has none of that id. */
export function timelineOf(run: Run, request: ApiRequest): TimelineStore {
  const id = request.param("timelineId").toLowerCase();
  const found = run.timelines().find((timeline) => timeline.id.toLowerCase() === id);
  if (found !== undefined) return found;
  throw new ServiceError(404, "TimelineNotFoundException", `No timeline found for identifier ${id}.`);
}

/** A record as those see it who report to it: what is secret of its variables is left out. */
export function reportedRecord(record: TimelineRecord): object {
  const { variables, ...rest } = record;
  if (variables === undefined) return rest;
  const shown = Object.entries(variables).map(([name, { value, isSecret }]) => [
    name,
    isSecret ? { value: null, isSecret } : { value },
  ]);
  return { ...rest, variables: Object.fromEntries(shown) };
}

function timelineView(timeline: TimelineStore, withRecords: boolean): object {
  const { id, changeId } = timeline;
  const records = withRecords ? { records: timeline.records().map(reportedRecord) } : {};
  return { id, changeId, location: null, lastChangedBy: "00000000-0000-0000-0000-000000000000", ...records };
}
