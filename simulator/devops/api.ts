import { jsonBody } from "../http/refused.ts";
import type { SimRequest, SimResponse, Site } from "../http/site.ts";
import type { Credential } from "./identities.ts";
import { accessDenied, ServiceError } from "./service-error.ts";

/** A request to the organization's API by somebody known. */
export interface ApiRequest {
  readonly caller: Credential;
  readonly closed: AbortSignal;
  readonly headers: SimRequest["headers"];
  /** The body as it came. */
  readonly bytes: Buffer;
  /** A route parameter. */
  param(name: string): string;
  /** A query parameter; its name's case does not matter, as at the service. */
  query(name: string): string | undefined;
  /** The JSON body. */
  body(): unknown;
}

export interface RouteOptions {
  /** Whether an agent's own token may come here. Without it only people and jobs may: an agent administers nothing. */
  readonly agents?: boolean;
}

export type ApiHandler = (request: ApiRequest) => SimResponse | Promise<SimResponse>;

export interface Api {
  /** Serves `template`, relative to the collection, e.g. `_apis/distributedtask/pools`. */
  route(method: string, template: string, handler: ApiHandler, options?: RouteOptions): void;
}

/** What every resource of the organization shares: who is calling, which version of the API, how errors look. */
export function createApi(
  site: Site,
  organization: string,
  authenticate: (authorization: string | undefined) => Promise<Credential | undefined>,
  unauthenticated: "401" | "203",
): Api {
  return {
    route(method, template, handler, { agents = false } = {}) {
      site.route(method, `/${organization}/${template}`, async (request) => {
        const caller = await authenticate(request.headers.authorization);
        if (caller === undefined) return unauthenticated === "203" ? signInPage : unauthorized();
        request.caller = caller.identity.displayName;
        if (caller.identity.kind === "agent" && !agents) throw accessDenied(caller.identity.displayName, "Manage");
        const api = apiRequest(request, caller);
        if (method !== "OPTIONS") checkVersion(method, requestedVersion(api));
        return handler(api);
      });
    },
  };
}

function apiRequest(request: SimRequest, caller: Credential): ApiRequest {
  const query = new Map([...request.url.searchParams].map(([name, value]) => [name.toLowerCase(), value]));
  return {
    caller,
    closed: request.closed,
    headers: request.headers,
    bytes: request.body,
    param: (name) => request.params[name] ?? "",
    query: (name) => query.get(name.toLowerCase()),
    body: () => jsonBody(request),
  };
}

function requestedVersion(request: ApiRequest): string | undefined {
  return request.query("api-version") ?? /api-version=([^;,\s]+)/i.exec(request.headers.accept ?? "")?.[1];
}

/** The newest version is a preview (7.2), the newest released one 7.1 (facts agent-protocol §3.1). */
function checkVersion(method: string, version: string | undefined): void {
  if (version === undefined) {
    if (method === "GET") return;
    const message = `No api-version was supplied for the "${method}" request. The version must be supplied either as part of the Accept header (e.g. "application/json; api-version=1.0") or as a query parameter (e.g. "?api-version=1.0").`;
    throw new ServiceError(400, "VssVersionNotSpecifiedException", message);
  }
  const [, number, preview] = /^(\d+(?:\.\d+)?)(-preview(?:\.\d+)?)?$/.exec(version) ?? [];
  if (number === undefined || Number(number) > 7.2) {
    const message = `The requested REST API version of ${version} is out of range for this server. The latest REST API version this server supports is 7.2.`;
    throw new ServiceError(400, "VssVersionOutOfRangeException", message);
  }
  if (Number(number) > 7.1 && preview === undefined) {
    const message = `The requested version "${version}" of the resource is under preview. The -preview flag must be supplied in the api-version for such requests. For example: "${version}-preview"`;
    throw new ServiceError(400, "VssInvalidPreviewVersionException", message);
  }
}

function unauthorized(): never {
  throw new ServiceError(
    401,
    "UnauthorizedRequestException",
    "TF400813: The user '' is not authorized to access this resource.",
    { "www-authenticate": 'Basic realm="contoso"' },
  );
}

/** What dev.azure.com answers to a client that looks like a browser, or whose token has expired (facts §3.2). */
const signInPage: SimResponse = {
  status: 203,
  headers: { "content-type": "text/html; charset=utf-8" },
  body: "<!DOCTYPE html><html><head><title>Azure DevOps Services | Sign In</title></head><body></body></html>",
};
