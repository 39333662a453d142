// The agent queues of the projects.
import type { Api, ApiRequest } from "../api-routes.ts";
import { jobRequestView, stateOf } from "../jobs/job-request-view.ts";
import { collection } from "../json-fields.ts";
import type { Project, Runs } from "../runs/runs.ts";
import { projectNotFound, ServiceError } from "../service-error.ts";
import type { AgentPool } from "./pool-state.ts";
import { may, type Pools } from "./pools.ts";

const queuesRoute = ":project/_apis/distributedtask/queues";

/** Pools as the projects see them: each has a queue in every project (recordings, devops: queues). */
export function serveQueues(api: Api, pools: Pools, runs: Runs): void {
  const projectOf = (request: ApiRequest): Project => {
    const name = request.param("project");
    const found = runs.project(name);
    if (found === undefined) throw projectNotFound(name);
    return found;
  };
  const seen = (request: ApiRequest): AgentPool[] => pools.all().filter((pool) => may(request.caller, pool, "View"));

  const poolOf = (request: ApiRequest): AgentPool => {
    const project = projectOf(request);
    const id = request.param("queueId");
    const found = seen(request).find((pool) => String(queueId(runs, project, pool)) === id);
    if (found !== undefined) return found;
    throw new ServiceError(404, "TaskAgentQueueNotFoundException", `No agent queue found with identifier ${id}.`);
  };

  api.route("GET", queuesRoute, (request) => {
    const project = projectOf(request);
    const name = request.query("queueName")?.toLowerCase() || undefined;
    const ids = request.query("queueIds")?.split(",");
    const queues = seen(request)
      .filter((pool) => name === undefined || pool.name.toLowerCase() === name)
      .filter((pool) => ids === undefined || ids.includes(String(queueId(runs, project, pool))));
    return { status: 200, body: collection(queues.map((pool) => queueView(runs, project, pool))) };
  });
  api.route("GET", `${queuesRoute}/:queueId`, (request) => ({
    status: 200,
    body: queueView(runs, projectOf(request), poolOf(request)),
  }));
  api.route("GET", `${queuesRoute}/:queueId/agentrequests`, (request) => {
    const project = projectOf(request);
    const top = Number(request.query("$top") ?? 50);
    const ofProject = poolOf(request).requests.filter(({ offer }) => offer.scopeId === project.id);
    const open = ofProject.filter((each) => stateOf(each) !== "finished");
    return { status: 200, body: collection(open.slice(0, top).map((each) => jobRequestView(each))) };
  });
}

/** Queues are numbered across projects. */
export function queueId(runs: Runs, { id }: Project, pool: AgentPool): number {
  return 100 * (runs.projects.findIndex((project) => project.id === id) + 1) + pool.id;
}

function queueView(runs: Runs, project: Project, pool: AgentPool): object {
  const { id, name, scope, agents } = pool;
  const shown = { id, scope, name, isHosted: false, poolType: "automation", size: agents.size, isLegacy: false };
  return { id: queueId(runs, project, pool), projectId: project.id, name, pool: { ...shown, options: "none" } };
}
