// The `login` site: an Entra tenant as MSAL needs it when it is told not to ask Microsoft which authorities exist
// (`disableInstanceDiscovery`): the OpenID configuration and the token endpoint (facts aci-azure-sdk §4.5).
import type { SimRequest, SimResponse, Site } from "../http/site.ts";
import { type ClientProof, clientSecret } from "./client-proof.ts";
import { Directory } from "./directory.ts";
import {
  missingParameter,
  noClientProof,
  refusal,
  scopeWithoutDefault,
  type TokenRefusal,
  unknownApplication,
  unknownResource,
  unknownTenant,
  unsupportedGrant,
} from "./refusal.ts";
import { Tokens } from "./tokens.ts";

/** Application id of Azure DevOps, whose tokens its REST API takes (facts aci-azure-sdk §4.4). */
export const azureDevOpsResource = "499b84ac-1321-427f-aa17-267ca6975798";

export interface Entra {
  readonly tenantId: string;
  readonly directory: Directory;
  readonly tokens: Tokens;
}

export interface EntraOptions {
  /** Identifiers of the resources that tokens are issued for, without trailing slashes. */
  readonly resources: readonly string[];
  /** Seconds a token is good for. */
  readonly tokenLifetimeSeconds?: number;
  /** Ways to prove a client's identity besides its secret. */
  readonly proofs?: readonly ClientProof[];
}

/** Serves a fresh tenant on the site. */
export async function createEntra(site: Site, options: EntraOptions): Promise<Entra> {
  const directory = new Directory();
  const { tenantId } = directory;
  const tokens = await Tokens.create(`${site.origin}/${tenantId}/v2.0`, tenantId, options.tokenLifetimeSeconds ?? 3599);
  const proofs = [clientSecret, ...(options.proofs ?? [])];

  site.route("GET", "/:tenant/v2.0/.well-known/openid-configuration", ({ params }) => {
    if (!directory.isTenant(params.tenant ?? "")) {
      return refusal({ ...unknownTenant(params.tenant ?? ""), error: "invalid_tenant" }, site.origin);
    }
    return { status: 200, body: openIdConfiguration(site.origin, tenantId, tokens.issuer) };
  });
  site.route("GET", "/:tenant/discovery/v2.0/keys", () => ({ status: 200, body: tokens.keySet }));
  site.route("POST", "/:tenant/oauth2/v2.0/token", async (request) => {
    const granted = await grant(request, { directory, tokens, proofs, resources: options.resources });
    return "number" in granted ? refusal(granted, site.origin) : granted;
  });
  return { tenantId, directory, tokens };
}

interface Grantor {
  readonly directory: Directory;
  readonly tokens: Tokens;
  readonly proofs: readonly ClientProof[];
  readonly resources: readonly string[];
}

async function grant(request: SimRequest, grantor: Grantor): Promise<SimResponse | TokenRefusal> {
  const { directory, tokens, proofs, resources } = grantor;
  const tenant = request.params.tenant ?? "";
  if (!directory.isTenant(tenant)) return unknownTenant(tenant);

  const form = new URLSearchParams(request.body.toString("utf8"));
  const missing = ["grant_type", "client_id", "scope"].find((name) => !form.get(name));
  if (missing !== undefined) return missingParameter(missing);
  const [grantType, clientId, scope] = [form.get("grant_type"), form.get("client_id"), form.get("scope")].map(String);
  if (grantType !== "client_credentials") return unsupportedGrant(String(grantType));

  const principal = directory.find(String(clientId));
  if (principal === undefined) return unknownApplication(String(clientId), directory.displayName);
  request.caller = principal.displayName;

  // MSAL adds scopes of its own for signed-in people only; a client asks for one resource.
  const resource = /^(\S+)\/\.default$/.exec(String(scope))?.[1];
  if (resource === undefined) return scopeWithoutDefault(String(scope));
  if (!resources.includes(resource.replace(/\/$/, ""))) return unknownResource(resource, directory.displayName);

  const proof = proofs.find(({ parameter }) => form.has(parameter));
  if (proof === undefined) return form.has("client_assertion") ? notSimulated(tenant) : noClientProof;
  const refused = await proof.check(form.get(proof.parameter) ?? "", form, principal);
  if (refused !== undefined) return refused;

  const { token, expiresInSeconds } = await tokens.issue(principal, resource);
  return {
    status: 200,
    headers: { "cache-control": "no-store" },
    body: {
      token_type: "Bearer",
      expires_in: expiresInSeconds,
      ext_expires_in: expiresInSeconds,
      access_token: token,
    },
  };
}

function notSimulated(tenant: string): SimResponse {
  const message = `The simulator does not take a client_assertion at /${tenant}/oauth2/v2.0/token.`;
  return { status: 501, body: { error: "not_implemented", error_description: message } };
}

function openIdConfiguration(origin: string, tenantId: string, issuer: string): object {
  const tenant = `${origin}/${tenantId}`;
  return {
    issuer,
    authorization_endpoint: `${tenant}/oauth2/v2.0/authorize`,
    token_endpoint: `${tenant}/oauth2/v2.0/token`,
    jwks_uri: `${tenant}/discovery/v2.0/keys`,
    token_endpoint_auth_methods_supported: ["client_secret_post"],
    response_types_supported: ["code", "id_token", "code id_token", "id_token token"],
    subject_types_supported: ["pairwise"],
    id_token_signing_alg_values_supported: ["RS256"],
    tenant_region_scope: "EU",
  };
}
