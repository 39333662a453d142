// The instance metadata service of one machine or container, as far as its managed identities go. In Azure it is at
// http://169.254.169.254 (facts aci-azure-sdk §5); clients are sent here by `AZURE_POD_IDENTITY_AUTHORITY_HOST`.
import type { SimRequest, SimResponse, Site } from "../http/https-site.ts";
import type { ServicePrincipal } from "./directory.ts";
import type { Entra } from "./entra-site.ts";

export interface UserAssignedIdentity {
  /** Id of the resource. */
  readonly id: string;
  readonly principal: ServicePrincipal;
}

/** The identities that a machine or container has. */
export interface ManagedIdentities {
  readonly systemAssigned?: ServicePrincipal;
  readonly userAssigned: readonly UserAssignedIdentity[];
}

/** @param identities asked at every request, for they may change while the machine runs. */
export function serveImds(site: Site, entra: Entra, identities: () => ManagedIdentities): void {
  site.route("GET", "/metadata/identity/oauth2/token", async (request) => {
    const { searchParams } = request.url;
    if (request.headers.metadata !== "true") return refused("Required metadata header not specified");
    if (request.headers["x-forwarded-for"] !== undefined) return refused("X-Forwarded-For header is not allowed");
    const missing = ["api-version", "resource"].find((name) => !searchParams.get(name));
    if (missing !== undefined) return refused(`Required query variable '${missing}' is missing`);
    if (!/^20\d\d-\d\d-\d\d$/.test(searchParams.get("api-version") ?? "")) return refused("Invalid api-version");
    const principal = chosen(searchParams, identities());
    if (typeof principal === "string") return refused(principal);
    return token(request, entra, principal);
  });
}

/** @returns why there is none, when there is none. */
function chosen(
  query: URLSearchParams,
  { systemAssigned, userAssigned }: ManagedIdentities,
): ServicePrincipal | string {
  const [clientId, objectId] = ["client_id", "object_id"].map((name) => query.get(name)?.toLowerCase());
  const resourceId = (query.get("mi_res_id") ?? query.get("msi_res_id"))?.toLowerCase();
  const [first, another] = userAssigned;
  if (clientId === undefined && objectId === undefined && resourceId === undefined) {
    if (systemAssigned !== undefined) return systemAssigned;
    if (another !== undefined) {
      return "Multiple user assigned identities exist, please specify the clientId / resourceId of the identity in the token request";
    }
    return first?.principal ?? "Identity not found";
  }
  const all = [...(systemAssigned ? [{ id: "", principal: systemAssigned }] : []), ...userAssigned];
  const found = all.find(
    ({ id, principal }) =>
      (clientId === undefined || principal.appId === clientId) &&
      (objectId === undefined || principal.objectId === objectId) &&
      (resourceId === undefined || id.toLowerCase() === resourceId),
  );
  return found?.principal ?? "Identity not found";
}

async function token(request: SimRequest, { tokens, resources }: Entra, principal: ServicePrincipal) {
  request.caller = principal.displayName;
  const resource = request.url.searchParams.get("resource") ?? "";
  if (!resources.includes(resource.replace(/\/$/, ""))) {
    const description = `AADSTS500011: The resource principal named ${resource} was not found in the tenant.`;
    return { status: 400, body: { error: "invalid_resource", error_description: description } };
  }
  const issued = await tokens.issueVersionOne(principal, resource);
  const now = Math.floor(Date.now() / 1000);
  // All numbers are strings here, unlike at the token endpoint.
  return {
    status: 200,
    body: {
      access_token: issued.token,
      client_id: principal.appId,
      expires_in: String(issued.expiresInSeconds),
      expires_on: String(now + issued.expiresInSeconds),
      ext_expires_in: String(issued.expiresInSeconds),
      not_before: String(now - 300),
      resource,
      token_type: "Bearer",
    },
  };
}

function refused(description: string): SimResponse {
  return { status: 400, body: { error: "invalid_request", error_description: description } };
}
