// The routes of builds.
import type { Api, ApiRequest } from "../api-routes.ts";
import type { Identity } from "../identity/identities.ts";
import { collection, fields, optionalEnum } from "../json-fields.ts";
import type { Pools } from "../pools/pools.ts";
import { accessDenied, invalidArgument, projectNotFound, ServiceError } from "../service-error.ts";
import { buildView } from "./build-view.ts";
import type { Run, Runs } from "./runs.ts";
import { type TimelineSetting, timelineView } from "./timeline-view.ts";

const buildsRoute = ":project/_apis/build/builds";

/** `BuildStatus`, each at its number; clients may send either. */
const statuses = ["none", "inProgress", "completed", "", "cancelling"] as const;

interface BuildsContext {
  readonly runs: Runs;
  readonly pools: Pools;
  readonly serverUrl: string;
  /** Who is said to have asked for every run. */
  readonly owner: Identity;
}

/** Runs of pipelines as the build API shows them (facts agent-protocol §4.2 point 7). */
export function serveBuilds(api: Api, { runs, pools, serverUrl, owner }: BuildsContext): void {
  const shown = (run: Run): object => buildView(run, serverUrl, owner);
  const setting: TimelineSetting = { runs, pools, serverUrl };
  api.route("GET", buildsRoute, (request) => {
    const status = request.query("statusFilter")?.toLowerCase().split(",");
    const definitions = request.query("definitions")?.split(",").map(Number);
    const found = runs
      .builds(project(request, runs).id)
      .filter((run) => status === undefined || status.includes("all") || status.includes(run.status.toLowerCase()))
      .filter((run) => definitions === undefined || definitions.includes(run.definition.id));
    return { status: 200, body: collection(found.map(shown).reverse()) };
  });
  api.route("GET", `${buildsRoute}/:buildId`, (request) => ({
    status: 200,
    body: shown(build(request, runs)),
  }));
  api.route("PATCH", `${buildsRoute}/:buildId`, (request) => {
    const run = build(request, runs);
    if (request.caller.identity.kind !== "user") {
      throw accessDenied(request.caller.identity.displayName, "Stop builds");
    }
    const status = optionalEnum(fields(request.body(), "The build"), "status", statuses);
    if (status !== "cancelling") throw invalidArgument("Only the status cancelling can be set.");
    run.cancel();
    return { status: 200, body: shown(run) };
  });
  api.route("GET", `${buildsRoute}/:buildId/timeline`, (request) => ({
    status: 200,
    body: timelineView(build(request, runs), setting),
  }));
  api.route("GET", `${buildsRoute}/:buildId/timeline/:timelineId`, (request) => {
    const run = build(request, runs);
    const id = request.param("timelineId");
    if (run.timelineId === id.toLowerCase()) return { status: 200, body: timelineView(run, setting) };
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
