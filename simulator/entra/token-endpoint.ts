// The token endpoint: gives an access token to a client that proves who it is.
import type { SimRequest } from "../http/https-site.ts";
import type { IssuedToken, Tokens } from "./access-tokens.ts";
import type { ClientProof } from "./client-proof.ts";
import type { Directory } from "./directory.ts";
import {
  missingParameter,
  noClientProof,
  scopeWithoutDefault,
  type TokenRefusal,
  unknownApplication,
  unknownResource,
  unsupportedGrant,
} from "./token-error.ts";

export interface Grantor {
  readonly directory: Directory;
  readonly tokens: Tokens;
  /** Identifiers of the resources that tokens are issued for, without trailing slashes. */
  readonly resources: readonly string[];
}

interface Grant extends IssuedToken {
  readonly resource: string;
}

/**
 * Gives a client that proves who it is a token for the one resource it asks for: by `scope`, as the endpoint of version
 * 2 has it, or by `resource` as the older one and ADFS do.
 */
export async function grant(
  request: SimRequest,
  { directory, tokens, resources }: Grantor,
  proofs: readonly ClientProof[],
): Promise<Grant | TokenRefusal> {
  const form = new URLSearchParams(request.body.toString("utf8"));
  const wanted = form.has("resource") ? "resource" : "scope";
  const missing = ["grant_type", "client_id", wanted].find((name) => !form.get(name));
  if (missing !== undefined) return missingParameter(missing);
  const [grantType, clientId, asked] = ["grant_type", "client_id", wanted].map((name) => String(form.get(name)));
  if (grantType !== "client_credentials") return unsupportedGrant(String(grantType));

  const principal = directory.find(String(clientId));
  if (principal === undefined) return unknownApplication(String(clientId), directory.displayName);
  request.caller = principal.displayName;

  const resource = wanted === "resource" ? asked : resourceOf(String(asked));
  if (resource === undefined) return scopeWithoutDefault(String(asked));
  if (!resources.includes(resource.replace(/\/$/, ""))) return unknownResource(resource, directory.displayName);

  const proof = proofs.find(({ parameter }) => form.has(parameter));
  if (proof === undefined) return noClientProof;
  const refused = await proof.check(form.get(proof.parameter) ?? "", form, principal);
  if (refused !== undefined) return refused;
  return { ...(await tokens.issue(principal, resource)), resource };
}

/** Scopes of OpenID Connect, which MSAL for Go adds to a client's own request too; they name no resource. */
const ofOpenId: ReadonlySet<string> = new Set(["openid", "offline_access", "profile"]);

/** The one resource of which a client asks for everything that it was given; nothing when there is none, or another. */
function resourceOf(scopes: string): string | undefined {
  const [scope = "", another] = scopes.split(/ +/).filter((each) => each !== "" && !ofOpenId.has(each));
  return another === undefined ? /^(\S+)\/\.default$/.exec(scope)?.[1] : undefined;
}

/** The answer to a good request, which differs little between the endpoints. */
export function tokenBody({ token, expiresInSeconds }: IssuedToken): object {
  return {
    token_type: "Bearer",
    expires_in: expiresInSeconds,
    ext_expires_in: expiresInSeconds,
    access_token: token,
  };
}
