// The same tenant as AD FS: the Azure CLI signs in to custom clouds that way.
import type { SimResponse, Site } from "../http/https-site.ts";
import { clientAssertion } from "./client-assertion.ts";
import { clientSecret } from "./client-proof.ts";
import type { TrustedIssuers } from "./federated-assertion.ts";
import { type Grantor, grant, tokenBody } from "./token-endpoint.ts";
import type { TokenRefusal } from "./token-error.ts";

/**
 * The same tenant as an ADFS, which is how the Azure CLI signs in to a custom cloud: `--endpoint-active-directory
 * ORIGIN/adfs` and `--tenant adfs`. It asks below `/adfs` and, with the tenant appended, below `/adfs/adfs` (facts
 * real-clients, "Azure CLI").
 */
export function serveAdfs(site: Site, grantor: Grantor, issuers: TrustedIssuers): void {
  const base = `${site.origin}/adfs`;
  const tokenEndpoint = `${base}/oauth2/token`;
  const proofs = [clientSecret, clientAssertion([tokenEndpoint, base], issuers)];
  const configuration = {
    issuer: base,
    authorization_endpoint: `${base}/oauth2/authorize`,
    token_endpoint: tokenEndpoint,
    jwks_uri: `${base}/discovery/keys`,
    token_endpoint_auth_methods_supported: ["client_secret_post", "private_key_jwt"],
    response_types_supported: ["code", "id_token", "code id_token"],
    subject_types_supported: ["pairwise"],
    id_token_signing_alg_values_supported: ["RS256"],
  };
  for (const place of ["/adfs", "/adfs/adfs"]) {
    site.route("GET", `${place}/.well-known/openid-configuration`, () => ({ status: 200, body: configuration }));
    // The Azure CLI looks here since it resolves a tenant's name before it signs in (seen with 2.91).
    site.route("GET", `${place}/v2.0/.well-known/openid-configuration`, () => ({ status: 200, body: configuration }));
    site.route("GET", `${place}/discovery/keys`, () => ({ status: 200, body: grantor.tokens.keySet }));
  }
  site.route("POST", "/adfs/oauth2/token", async (request) => {
    const granted = await grant(request, grantor, proofs);
    if ("number" in granted) return adfsRefusal(granted);
    return { status: 200, headers: { "cache-control": "no-store" }, body: tokenBody(granted) };
  });
}

/** ADFS numbers its messages otherwise; of its own words only that of a client that is not believed is known here. */
function adfsRefusal({ status, error, message }: TokenRefusal): SimResponse {
  const own = "Client authentication failed. Please verify the credential provided for client authentication is valid.";
  const text = error === "invalid_client" ? `MSIS9622: ${own} ${message}` : `MSIS9600: ${message}`;
  return { status, body: { error, error_description: text } };
}
