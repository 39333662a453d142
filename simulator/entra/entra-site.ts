// The `login` site: an Entra tenant as MSAL needs it when it is told not to ask Microsoft which authorities exist
// (`disableInstanceDiscovery`): the OpenID configuration and the token endpoint (facts aci-azure-sdk §4.5).
import type { JSONWebKeySet } from "jose";
import type { SimRequest, SimResponse, Site } from "../http/https-site.ts";
import { Tokens } from "./access-tokens.ts";
import { serveAdfs } from "./adfs.ts";
import { clientAssertion } from "./client-assertion.ts";
import { clientSecret } from "./client-proof.ts";
import { Directory } from "./directory.ts";
import { serveGraph } from "./microsoft-graph.ts";
import { type Grantor, grant, tokenBody } from "./token-endpoint.ts";
import { refusal, unknownTenant } from "./token-error.ts";

/** Application id of Azure DevOps, whose tokens its REST API takes (facts aci-azure-sdk §4.4). */
export const azureDevOpsResource = "499b84ac-1321-427f-aa17-267ca6975798";

/** What a registry's own tokens are exchanged for, besides ARM's (facts aci-azure-sdk §4.6). */
export const containerRegistryResource = "https://containerregistry.azure.net";

export interface Entra {
  readonly tenantId: string;
  readonly directory: Directory;
  readonly tokens: Tokens;
  /** Identifiers of the resources that tokens are issued for, without trailing slashes. */
  readonly resources: readonly string[];
  /** Lets the issuer's tokens be checked, as if it published its keys where Entra finds them. */
  trustIssuer(issuer: string, keys: () => Promise<JSONWebKeySet>): void;
}

export interface EntraOptions {
  /** Identifiers of the resources that tokens are issued for, without trailing slashes. */
  readonly resources: readonly string[];
  /** Seconds a token is good for. */
  readonly tokenLifetimeSeconds?: number;
}

/** Serves a fresh tenant on the site. */
export async function createEntra(site: Site, options: EntraOptions): Promise<Entra> {
  const directory = new Directory();
  const { tenantId } = directory;
  // Its own address stands for Microsoft Graph.
  const resources = [...options.resources, site.origin];
  const issuer = `${site.origin}/${tenantId}/v2.0`;
  const tokens = await Tokens.create(issuer, tenantId, options.tokenLifetimeSeconds ?? 3599);
  // The tenant's own tokens may stand for an application too: Azure DevOps gets them for its newer service connections.
  const issuers = new Map([[issuer, async () => tokens.keySet]]);
  const grantor: Grantor = { directory, tokens, resources };
  const tenantUrl = `${site.origin}/${tenantId}`;
  const endpoints = [`${tenantUrl}/oauth2/v2.0/token`, `${tenantUrl}/oauth2/token`];
  const proofs = [clientSecret, clientAssertion([...endpoints, issuer, tenantUrl, `${tenantUrl}/`], issuers)];

  site.route("GET", "/:tenant/v2.0/.well-known/openid-configuration", ({ params }) => {
    if (!directory.isTenant(params.tenant ?? "")) {
      return refusal({ ...unknownTenant(params.tenant ?? ""), error: "invalid_tenant" }, site.origin);
    }
    return { status: 200, body: openIdConfiguration(site.origin, tenantId, tokens.issuer) };
  });
  site.route("GET", "/:tenant/discovery/v2.0/keys", () => ({ status: 200, body: tokens.keySet }));
  const answer = async (request: SimRequest, more: (resource: string) => object): Promise<SimResponse> => {
    const tenant = request.params.tenant ?? "";
    const granted = directory.isTenant(tenant) ? await grant(request, grantor, proofs) : unknownTenant(tenant);
    if ("number" in granted) return refusal(granted, site.origin);
    const body = { ...tokenBody(granted), ...more(granted.resource) };
    return { status: 200, headers: { "cache-control": "no-store" }, body };
  };
  site.route("POST", "/:tenant/oauth2/v2.0/token", (request) => answer(request, () => ({})));
  site.route("POST", "/:tenant/oauth2/token", (request) => answer(request, (resource) => ({ resource })));
  serveAdfs(site, grantor, issuers);
  serveGraph(site, directory, tokens);
  return { tenantId, directory, tokens, resources, trustIssuer: (url, keys) => void issuers.set(url, keys) };
}

function openIdConfiguration(origin: string, tenantId: string, issuer: string): object {
  const tenant = `${origin}/${tenantId}`;
  return {
    issuer,
    authorization_endpoint: `${tenant}/oauth2/v2.0/authorize`,
    token_endpoint: `${tenant}/oauth2/v2.0/token`,
    jwks_uri: `${tenant}/discovery/v2.0/keys`,
    token_endpoint_auth_methods_supported: ["client_secret_post", "private_key_jwt"],
    response_types_supported: ["code", "id_token", "code id_token", "id_token token"],
    subject_types_supported: ["pairwise"],
    id_token_signing_alg_values_supported: ["RS256"],
    tenant_region_scope: "EU",
  };
}
