// The addresses at which a job reports, and who may report there.
import type { ApiRequest } from "../api-routes.ts";
import type { Pools } from "../pools/pools.ts";
import { accessDenied, ServiceError } from "../service-error.ts";
import type { Run, Runs } from "./runs.ts";

/** Where a job reports to, below the collection; the scope is the project's id. */
export const planRoute = ":scopeIdentifier/_apis/distributedtask/hubs/:hubName/plans/:planId";

/** Who may report to a plan: a job of it by its token, the agent that was given one of its jobs, the owner. */
export function demandPlan(request: ApiRequest, pools: Pools): string {
  const planId = request.param("planId").toLowerCase();
  const { identity, planId: own } = request.caller;
  const agent = identity.kind === "agent" ? pools.agent(identity.agentId) : undefined;
  if (identity.kind !== "user" && own !== planId && agent?.assigned?.offer.planId !== planId) {
    throw accessDenied(identity.displayName, "Update plan");
  }
  return planId;
}

/** The run of a plan, for somebody who may report to it. */
export function demandRun(request: ApiRequest, pools: Pools, runs: Runs): Run {
  const planId = demandPlan(request, pools);
  const run = runs.ofPlan(planId);
  const scope = request.param("scopeIdentifier").toLowerCase();
  if (run === undefined || ![run.project.id, run.project.name.toLowerCase()].includes(scope)) {
    const message = `No plan found for identifier ${planId}.`;
    throw new ServiceError(404, "TaskOrchestrationPlanNotFoundException", message);
  }
  return run;
}
