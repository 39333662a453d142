// An error in the format of a container registry.
import type { SimRequest, SimResponse } from "../http/https-site.ts";

/** How a registry refuses: the shape of the distribution specification. */
export function refused(
  status: number,
  code: string,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): SimResponse {
  return { status, headers, body: { errors: [{ code, message, detail: null }] } };
}

/** @param scope what a token must be for, e.g. `repository:agent:pull`. */
export function challenge(server: string, scope?: string): SimResponse {
  const realm = `Bearer realm="https://${server}/oauth2/token",service="${server}"`;
  const message = "authentication required, visit https://aka.ms/acr/authorization for more information.";
  const header = scope === undefined ? realm : `${realm},scope="${scope}"`;
  return refused(401, "UNAUTHORIZED", message, { "www-authenticate": header });
}

/** What a registry with a private endpoint tells everybody else. */
export function deniedByFirewall(): SimResponse {
  const message =
    "client with IP '203.0.113.7' is not allowed access. Refer https://aka.ms/acr/firewall to grant access.";
  return refused(403, "DENIED", message);
}

export function notSimulated({ method, url }: SimRequest): SimResponse {
  return refused(501, "UNSUPPORTED", `The simulated registry has no route for ${method} ${url.pathname}.`);
}
