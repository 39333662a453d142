// The route by which a job gets OIDC tokens.
import type { Api, ApiRequest } from "../api-routes.ts";
import { planRoute } from "../runs/plan-access.ts";
import type { Run, Runs } from "../runs/runs.ts";
import { accessDenied, ServiceError } from "../service-error.ts";
import type { FederatedConnection, Oidc } from "./oidc-issuer.ts";

/** Where a job gets its token, the value of `System.OidcRequestUri`; the hub is the kind of the run. */
export function oidcRequestUri(organizationUrl: string, run: Run, jobId: string): string {
  const hub = run.kind.toLowerCase();
  return `${organizationUrl}${run.project.id}/_apis/distributedtask/hubs/${hub}/plans/${run.planId}/jobs/${jobId}/oidctoken`;
}

interface OidcTokensOptions {
  readonly oidc: Oidc;
  readonly runs: Runs;
  /** Every connection by its id, `undefined` for those that are not federated. */
  readonly connections: ReadonlyMap<string, FederatedConnection | undefined>;
}

/** Gives a running job, by its own token and no other, a token for a service connection that its steps use. */
export function serveOidcTokens(api: Api, { oidc, runs, connections }: OidcTokensOptions): void {
  api.route("POST", `${planRoute}/jobs/:jobId/oidctoken`, async (request) => {
    const run = runOf(request, runs);
    const id = request.query("serviceConnectionId")?.toLowerCase();
    const connection = id === undefined ? undefined : usable(request, id, connections);
    return { status: 200, body: { oidcToken: await oidc.issue(run, connection) } };
  });
}

function runOf(request: ApiRequest, runs: Runs): Run {
  const { identity, planId } = request.caller;
  const asked = request.param("planId").toLowerCase();
  if (planId !== asked) throw accessDenied(identity.displayName, "Create OIDC token");
  const run = runs.ofPlan(asked);
  if (run === undefined || request.param("hubName").toLowerCase() !== run.kind.toLowerCase()) {
    throw new ServiceError(404, "TaskOrchestrationPlanNotFoundException", `No plan found for identifier ${asked}.`);
  }
  const job = run.timeline.find(request.param("jobId"));
  if (job?.type !== "Job" || job.state === "completed") {
    const message = `No running job found for identifier ${request.param("jobId")}.`;
    throw new ServiceError(404, "TaskOrchestrationJobNotFoundException", message);
  }
  return run;
}

/** One that no input of the job's steps names is not found, as if it did not exist (RFD 211 tried it). */
function usable(
  { caller }: ApiRequest,
  id: string,
  connections: OidcTokensOptions["connections"],
): FederatedConnection {
  if (!connections.has(id) || caller.serviceConnections?.includes(id) === false) {
    throw new ServiceError(404, "EndpointNotFoundException", `No service connection found for identifier ${id}.`);
  }
  const connection = connections.get(id);
  if (connection !== undefined) return connection;
  const message = `The service connection ${id} does not use workload identity federation.`;
  throw new ServiceError(400, "InvalidEndpointException", message);
}
