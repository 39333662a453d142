// The feature flags that agents ask for.
import type { Api } from "../api-routes.ts";
import { ServiceError } from "../service-error.ts";

/**
 * Switches of the service that an agent asks for before it opens its session, and before each job: all are off. Whether one
 * exists is not checked when the caller says so (microsoft/azure-pipelines-agent, FeatureFlagProvider).
 */
export function serveFeatureFlags(api: Api, serverUrl: string): void {
  api.route(
    "GET",
    "_apis/FeatureFlags/:name",
    (request) => {
      const name = request.param("name");
      if (request.query("checkFeatureExists")?.toLowerCase() === "false") {
        const uri = `${serverUrl}_apis/FeatureFlags/${encodeURIComponent(name)}`;
        return { status: 200, body: { name, description: "", uri, effectiveState: "Off", explicitState: "Off" } };
      }
      throw new ServiceError(404, "MissingFeatureException", `The feature ${name} does not exist.`);
    },
    { agents: true },
  );
}
