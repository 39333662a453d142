// The route of connection data: who the caller is, and where every resource is.
import { randomUUID } from "node:crypto";
import type { Api, ApiRequest } from "../api-routes.ts";
import type { Identity } from "../identity/identities.ts";
import { accessMappings, serviceDefinitions, serviceOwner } from "./service-definitions.ts";

/** What a client learns when it connects: who it is, and where every resource is (facts agent-protocol §1.1, §3.3). */
export function serveConnectionData(api: Api, serverUrl: string, instanceId: string): void {
  const deploymentId = randomUUID();
  api.route(
    "GET",
    "_apis/connectionData",
    (request) => {
      const user = identityView(request.caller.identity, instanceId);
      const body = {
        authenticatedUser: user,
        authorizedUser: user,
        instanceId,
        deploymentId,
        deploymentType: "hosted",
        locationServiceData: locationServiceData(serverUrl, request),
      };
      return { status: 200, body };
    },
    { agents: true },
  );
}

/** A build service is known by whom it works for; the name that people see is beside that. */
function identityView(identity: Identity, instanceId: string): object {
  const { id, kind, displayName } = identity;
  const prefix =
    kind === "user" ? "Microsoft.IdentityModel.Claims.ClaimsIdentity" : "Microsoft.TeamFoundation.ServiceIdentity";
  const subject = kind === "buildService" ? `${instanceId}:Build:${identity.worksFor}` : id;
  const names =
    kind === "buildService"
      ? { providerDisplayName: identity.worksFor, customDisplayName: displayName }
      : { providerDisplayName: displayName };
  return {
    id,
    descriptor: `${prefix};${subject}`,
    subjectDescriptor: `${kind === "user" ? "aad" : "svc"}.${Buffer.from(subject).toString("base64url")}`,
    ...names,
    isActive: true,
    properties: { Account: { $type: "System.String", $value: displayName } },
    resourceVersion: 2,
    metaTypeId: 0,
  };
}

/** Changes whenever a definition does; here none ever does. */
const lastChangeId = 1;

/** Without `connectOptions=1` only what a client caches by is told; the definitions are left out (recordings, devops). */
function locationServiceData(serverUrl: string, request: ApiRequest): object {
  const known = {
    serviceOwner,
    defaultAccessMappingMoniker: "PublicAccessMapping",
    lastChangeId,
    lastChangeId64: lastChangeId,
  };
  const options = request.query("connectOptions")?.toLowerCase();
  if (options !== "1" && options !== "includeservices") return known;
  const clientCacheFresh = request.query("lastChangeId") === String(lastChangeId);
  return {
    ...known,
    clientCacheFresh,
    clientCacheTimeToLive: 3600,
    ...(clientCacheFresh
      ? {}
      : { accessMappings: accessMappings(serverUrl), serviceDefinitions: serviceDefinitions(serverUrl) }),
  };
}
