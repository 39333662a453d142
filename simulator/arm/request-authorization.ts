// What every request to ARM passes before its handler: version, token, subscription, right. Its answers get the headers
// that the service puts on all of them.
import { randomUUID } from "node:crypto";
import { type Caller, TokenRefused, type Tokens } from "../entra/access-tokens.ts";
import type { SimRequest, SimResponse, Site } from "../http/https-site.ts";
import { Refused } from "../http/refused-request.ts";
import { checkApiVersion } from "./api-versions.ts";
import { armError, gatewayError } from "./arm-error.ts";
import type { Access } from "./authorization/permission-check.ts";
import { RequestBudgets } from "./throttling/remaining-requests.ts";

/** A request that has passed the gate. */
export interface ArmRequest extends SimRequest {
  readonly principal: Caller;
  /** Value of a route parameter. @throws when the route has none of that name. */
  param(name: string): string;
}

interface ArmRoute {
  readonly method: string;
  readonly template: string;
  /** Resource provider whose versions count; ARM's own when left out. */
  readonly namespace?: string;
  /** Which requests it is for, where others share its template; all that no other one is for when left out. */
  readonly applies?: (request: SimRequest) => boolean;
  /** The right it takes and where; no right is needed when left out, or when it gives none. */
  readonly right?: (request: ArmRequest) => { readonly action: string; readonly scope: string } | undefined;
  readonly handler: (request: ArmRequest) => SimResponse | Promise<SimResponse>;
}

interface GateOptions {
  readonly site: Site;
  readonly tokens: Tokens;
  /** Displayed name of an application, for the request log. */
  readonly nameOf: (appId: string) => string | undefined;
  readonly access: Access;
  readonly subscriptionId: string;
}

export type Gate = (route: ArmRoute) => void;

export function createGate(options: GateOptions): Gate {
  const routes = new Map<string, ArmRoute[]>();
  const budgets = new RequestBudgets();
  return (route) => {
    const key = `${route.method} ${route.template}`;
    const sharing = routes.get(key);
    if (sharing !== undefined) {
      sharing.push(route);
      return;
    }
    const all = [route];
    routes.set(key, all);
    options.site.route(route.method, route.template, (request) => {
      const chosen = all.find(({ applies }) => applies?.(request)) ?? all.find(({ applies }) => applies === undefined);
      return pass(request, chosen ?? route, options, budgets.count(request.method));
    });
  };
}

async function pass(
  request: SimRequest,
  route: ArmRoute,
  options: GateOptions,
  budget: Readonly<Record<string, string>>,
): Promise<SimResponse> {
  try {
    return withHeaders(await admitted(request, route, options), request, budget);
  } catch (error) {
    if (error instanceof Refused) throw new Refused(withHeaders(error.response, request, budget));
    throw error;
  }
}

async function admitted(request: SimRequest, route: ArmRoute, options: GateOptions): Promise<SimResponse> {
  const principal = await authenticate(request, options);
  request.caller = options.nameOf(principal.appId) ?? principal.appId;
  const literal = route.template.split("/").findLast((segment) => !segment.startsWith(":")) ?? "";
  const type = request.params.path?.split("/")[0] ?? literal;
  checkApiVersion(request.url.searchParams.get("api-version"), route.namespace ?? request.params.namespace, type);
  const subscription = request.params.subscription?.toLowerCase();
  if (subscription !== undefined && subscription !== options.subscriptionId) {
    throw armError(404, "SubscriptionNotFound", `The subscription '${subscription}' could not be found.`);
  }
  const param = (name: string): string => {
    const value = request.params[name];
    if (value === undefined) throw new Error(`${route.template} has no parameter ${name}.`);
    return value;
  };
  const admittedRequest = Object.assign(request, { principal, param });
  const right = route.right?.(admittedRequest);
  if (right !== undefined) requireRight(options.access, principal, right.action, right.scope);
  return route.handler(admittedRequest);
}

/** @throws Refused with 403, worded as ARM does. */
export function requireRight(access: Access, principal: Caller, action: string, scope: string): void {
  if (access.demand(principal.objectId, action, scope)) return;
  const message = `The client '${principal.appId}' with object id '${principal.objectId}' does not have authorization to perform action '${action}' over scope '${scope}' or the scope is invalid. If access was recently granted, please refresh your credentials.`;
  throw gatewayError(403, "AuthorizationFailed", message);
}

async function authenticate({ headers }: SimRequest, { tokens, site }: GateOptions): Promise<Caller> {
  const token = /^Bearer (\S+)$/i.exec(headers.authorization ?? "")?.[1];
  const challenge = { "www-authenticate": `Bearer authorization_uri="${tokens.issuer.replace(/\/v2\.0$/, "")}"` };
  if (token === undefined) {
    const message = "Authentication failed. The 'Authorization' header is missing.";
    throw armError(401, "AuthenticationFailed", message, challenge);
  }
  try {
    return await tokens.verify(token, [site.origin]);
  } catch (error) {
    if (!(error instanceof TokenRefused)) throw error;
    if (error.otherAudience !== undefined) {
      // Worded as in hashicorp/go-azure-helpers #51.
      const message = `The access token has been obtained for wrong audience or resource '${error.otherAudience}'. It should exactly match with one of the allowed audiences '${site.origin}/','${site.origin}'.`;
      throw armError(401, "InvalidAuthenticationTokenAudience", message, challenge);
    }
    const message = `The access token is invalid: ${error.message}.`;
    throw armError(401, "InvalidAuthenticationToken", message, challenge);
  }
}

function withHeaders(
  response: SimResponse,
  { headers }: SimRequest,
  budget: Readonly<Record<string, string>>,
): SimResponse {
  const requestId = randomUUID();
  const correlationId = headers["x-ms-correlation-request-id"];
  const time = new Date().toISOString().replace(/[-:]|\.\d+/g, "");
  return {
    ...response,
    headers: {
      "cache-control": "no-cache",
      pragma: "no-cache",
      "strict-transport-security": "max-age=31536000; includeSubDomains",
      "x-content-type-options": "nosniff",
      "x-ms-request-id": requestId,
      "x-ms-correlation-request-id": typeof correlationId === "string" ? correlationId : requestId,
      "x-ms-routing-request-id": `WESTEUROPE:${time}:${requestId}`,
      ...budget,
      ...response.headers,
    },
  };
}
