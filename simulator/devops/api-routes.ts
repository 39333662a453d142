// The organization's API: signs callers in, and finds the route of a request.
import { randomUUID } from "node:crypto";
import type { SimRequest, SimResponse, Site } from "../http/https-site.ts";
import { jsonBody, Refused } from "../http/refused-request.ts";
import type { Credential } from "./identity/identities.ts";
import type { ConnectedTenant } from "./identity/oidc-issuer.ts";
import { challenge, signInPage } from "./identity/sign-in-challenge.ts";
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

interface RouteOptions {
  /** Whether an agent's own token may come here. Without it only people and jobs may: an agent administers nothing. */
  readonly agents?: boolean;
}

type ApiHandler = (request: ApiRequest) => SimResponse | Promise<SimResponse>;

export interface Api {
  /** Serves `template`, relative to the collection, e.g. `_apis/distributedtask/pools`. */
  route(method: string, template: string, handler: ApiHandler, options?: RouteOptions): void;
}

/** How the organization finds out who is calling. */
interface SignIn {
  authenticate(authorization: string | undefined): Promise<Credential | undefined>;
  /** How somebody unknown is answered. */
  readonly unauthenticated: "401" | "203";
  readonly tenant: ConnectedTenant | undefined;
}

/** What every resource of the organization shares: who is calling, which version of the API, how errors look. */
export function createApi(site: Site, organization: string, { authenticate, unauthenticated, tenant }: SignIn): Api {
  const processId = randomUUID();
  return {
    route(method, template, handler, { agents = false } = {}) {
      site.route(method, `/${organization}/${template}`, async (request) => {
        const { authorization } = request.headers;
        const caller = await authenticate(authorization);
        const answer = async (): Promise<SimResponse> => {
          if (caller === undefined && unauthenticated === "203") return signInPage;
          if (caller === undefined) throw challenge({ origin: site.origin, tenant }, authorization);
          request.caller = caller.identity.displayName;
          if (caller.identity.kind === "agent" && !agents) throw accessDenied(caller.identity.displayName, "Manage");
          const api = apiRequest(request, caller);
          if (method !== "OPTIONS") checkVersion(method, requestedVersion(api));
          return handler(api);
        };
        return withHeaders(await refusedOr(answer), processId, caller);
      });
    },
  };
}

async function refusedOr(answer: () => Promise<SimResponse>): Promise<SimResponse> {
  try {
    return await answer();
  } catch (error) {
    if (error instanceof Refused) return error.response;
    throw error;
  }
}

/** What the service adds to every answer: which of its processes gave it, and whom it took the caller for. */
function withHeaders(response: SimResponse, processId: string, caller: Credential | undefined): SimResponse {
  const { id, displayName } = caller?.identity ?? {};
  const who: Record<string, string> =
    id === undefined ? {} : { "x-vss-userdata": `${id}:${encodeURI(displayName ?? "")}` };
  return { ...response, headers: { "x-tfs-processid": processId, ...who, ...response.headers } };
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
