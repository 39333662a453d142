// The task's requests by what they are for, as they are found in the simulator's log.
import assert from "node:assert/strict";
import type { LoggedRequest } from "../../../simulator/http/request-log.ts";
import type { Simulator } from "../../../simulator/start-simulator.ts";

type Fits = (request: LoggedRequest) => boolean;

const to =
  (site: string, method: string, path: RegExp): Fits =>
  (request) =>
    request.site === site && request.method === method && path.test(new URL(request.url).pathname);

export const registration = to("devops", "POST", /\/agents$/);
export const unregistration = to("devops", "DELETE", /\/agents\/\d+$/);
export const marking = to("devops", "PUT", /\/agents\/\d+\/usercapabilities$/i);
export const creation = to("arm", "PUT", /\/containerGroups\/[^/]+$/i);
export const deletion = to("arm", "DELETE", /\/containerGroups\/[^/]+$/i);

/** Requests that make or change something, in order, e.g. `POST /contoso/_apis/…/agents`. */
export function changes({ requests }: Simulator): string[] {
  return requests.entries
    .filter(({ method, site }) => !["GET", "OPTIONS"].includes(method) && ["arm", "devops"].includes(site))
    .map(({ method, url }) => `${method} ${new URL(url).pathname}`);
}

/**
 * Refusals that belong to every good run: looks at what is gone, a listener whose record is, one that renews its job at the
 * moment when it ends, and one that tells the end of its job again because the answer was slow; and the deletion of a group
 * that is still changing, which is sent again.
 */
const usual = [
  /^404 devops GET .*\/agents\/\d+$/,
  /^404 arm GET .*\/containerGroups\/[^/]+(\/containers\/[^/]+\/logs)?$/i,
  /^400 agent-oauth POST /,
  /^(0|404) devops (GET|POST|DELETE) .*\/(messages|sessions)(\/|$)/,
  /^409 arm DELETE .*\/containerGroups\/[^/]+$/i,
  /^401 devops GET .*\/connectionData$/,
  /^40[04] devops PATCH .*\/jobrequests\/\d+$/,
  /^404 devops POST .*\/plans\/[^/]+\/events$/,
];

/**
 * @param expected patterns of what a scenario provokes, e.g. `403 devops POST /contoso/…/agents`; 0 stands for a
 * connection that ended without an answer
 */
export function assertNothingElseRefused({ requests }: Simulator, expected: readonly RegExp[]): void {
  const refused = requests.entries
    .filter(({ status = 0 }) => status >= 400 || status === 0)
    // An agent shows its token only when the service has asked for one.
    .filter(({ site, status, anonymous }) => !(site === "devops" && status === 401 && anonymous))
    .map(({ status = 0, site, method, url }) => `${status} ${site} ${method} ${new URL(url).pathname}`);
  const unexpected = refused.filter((one) => ![...usual, ...expected].some((pattern) => pattern.test(one)));
  assert.deepEqual(unexpected, [], "requests were refused that should not have been");
}
