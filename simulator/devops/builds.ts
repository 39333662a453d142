import type { Api, ApiRequest } from "./api.ts";
import type { Run, Runs } from "./runs.ts";
import { accessDenied, invalidArgument, projectNotFound, ServiceError } from "./service-error.ts";
import type { TimelineRecord } from "./timeline.ts";
import { collection, fields, optionalEnum } from "./wire.ts";

const buildsRoute = ":project/_apis/build/builds";

/** `BuildStatus`, each at its number; clients may send either. */
const statuses = ["none", "inProgress", "completed", "", "cancelling"] as const;

/** Runs of pipelines as the build API shows them (facts agent-protocol §4.2 point 7). */
export function serveBuilds(api: Api, runs: Runs, serverUrl: string): void {
  api.route("GET", buildsRoute, (request) => {
    const status = request.query("statusFilter")?.toLowerCase().split(",");
    const definitions = request.query("definitions")?.split(",").map(Number);
    const found = runs
      .builds(project(request, runs).id)
      .filter((run) => status === undefined || status.includes("all") || status.includes(run.status.toLowerCase()))
      .filter((run) => definitions === undefined || definitions.includes(run.definition.id));
    return { status: 200, body: collection(found.map((run) => buildView(run, serverUrl)).reverse()) };
  });
  api.route("GET", `${buildsRoute}/:buildId`, (request) => ({
    status: 200,
    body: buildView(build(request, runs), serverUrl),
  }));
  api.route("PATCH", `${buildsRoute}/:buildId`, (request) => {
    const run = build(request, runs);
    if (request.caller.identity.kind !== "user") {
      throw accessDenied(request.caller.identity.displayName, "Stop builds");
    }
    const status = optionalEnum(fields(request.body(), "The build"), "status", statuses);
    if (status !== "cancelling") throw invalidArgument("Only the status cancelling can be set.");
    run.cancel();
    return { status: 200, body: buildView(run, serverUrl) };
  });
  api.route("GET", `${buildsRoute}/:buildId/timeline`, (request) => ({
    status: 200,
    body: timelineView(build(request, runs)),
  }));
  api.route("GET", `${buildsRoute}/:buildId/timeline/:timelineId`, (request) => {
    const run = build(request, runs);
    const id = request.param("timelineId");
    if (run.timelineId === id.toLowerCase()) return { status: 200, body: timelineView(run) };
    throw new ServiceError(404, "TimelineNotFoundException", `No timeline found for identifier ${id}.`);
  });
}

function project(request: ApiRequest, runs: Runs): { id: string } {
  const name = request.param("project");
  const found = runs.project(name);
  if (found !== undefined) return found;
  throw projectNotFound(name);
}

function build(request: ApiRequest, runs: Runs): Run {
  const id = request.param("buildId");
  const found = runs.builds(project(request, runs).id).find((run) => String(run.id) === id);
  if (found === undefined) {
    throw new ServiceError(404, "BuildNotFoundException", `The requested build ${id} could not be found.`);
  }
  return found;
}

function buildView(run: Run, serverUrl: string): object {
  const { id, name, status, result, queueTime, startTime, finishTime, definition, planId } = run;
  return {
    id,
    buildNumber: name,
    status,
    ...(result === undefined ? {} : { result }),
    queueTime,
    ...(startTime === undefined ? {} : { startTime }),
    ...(finishTime === undefined ? {} : { finishTime }),
    url: `${serverUrl}${run.project.id}/_apis/build/Builds/${id}`,
    uri: `vstfs:///Build/Build/${id}`,
    definition: { ...definition, type: "build", queueStatus: "enabled", project: run.project },
    project: { ...run.project, state: "wellFormed" },
    orchestrationPlan: { planId },
    plans: [{ planId }],
    reason: "manual",
    priority: "normal",
  };
}

function timelineView({ timeline }: Run): object {
  const { id, changeId } = timeline;
  return { id, changeId, records: timeline.records().map(recordView), lastChangedOn: new Date().toISOString() };
}

function recordView(record: TimelineRecord): object {
  const { startTime, finishTime, result, workerName, percentComplete, currentOperation, issues, ...rest } = record;
  return {
    previousAttempts: [],
    ...rest,
    startTime: startTime ?? null,
    finishTime: finishTime ?? null,
    result: result ?? null,
    workerName: workerName ?? null,
    percentComplete: percentComplete ?? null,
    currentOperation: currentOperation ?? null,
    ...(issues === undefined ? {} : { issues }),
    errorCount: count(issues, "error"),
    warningCount: count(issues, "warning"),
  };
}

function count(issues: TimelineRecord["issues"], type: "error" | "warning"): number {
  return (issues ?? []).filter((issue) => issue.type === type).length;
}
