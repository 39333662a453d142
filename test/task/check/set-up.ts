// A simulated set-up that nothing is wrong with, and what a check asked of it.
import assert from "node:assert/strict";
import type { RoleDefinition } from "../../../simulator/arm/authorization/permission-check.ts";
import type { LoggedRequest } from "../../../simulator/http/request-log.ts";
import { type Simulator, type SimulatorOptions, startSimulator } from "../../../simulator/start-simulator.ts";

/** What a check reads beside what a run does. The built-in role Reader has it, and hides what else is missing. */
const checking: RoleDefinition = {
  Name: "Checking",
  Actions: [
    "Microsoft.Authorization/locks/read",
    "Microsoft.Authorization/permissions/read",
    "Microsoft.ContainerInstance/locations/usages/read",
    "Microsoft.Network/virtualNetworks/usages/read",
    "Microsoft.PolicyInsights/checkPolicyRestrictions/read",
    "Microsoft.Resources/subscriptions/providers/read",
  ],
};

export const subscriptionOf = ({ ready }: Simulator) => `/subscriptions/${ready.subscriptionId}`;

/** The pool as it should be, and rights to look at everything. @param role by which the deployer may look */
export function perfect(simulator: Simulator, role: RoleDefinition = checking): void {
  const { organization, ready, arm, deployer } = simulator;
  organization.addPlaceholder(ready.pool);
  organization.setAutoUpdate(ready.pool, false);
  arm.access.assign({ principalId: deployer.objectId, role, scope: subscriptionOf(simulator) });
}

/** Runs `body` in a simulator of its own, which is perfect until `body` breaks something. */
export async function inPerfect(body: (simulator: Simulator) => Promise<void>, options: SimulatorOptions = {}) {
  const simulator = await startSimulator(options);
  try {
    perfect(simulator);
    await body(simulator);
  } finally {
    await simulator.stop();
  }
}

/** A question that is a POST. */
const asks = ({ site, url }: LoggedRequest) =>
  site === "arm" && /\/checkPolicyRestrictions$/.test(new URL(url).pathname);

/** Getting a token changes nothing. */
const signsIn = ({ site, url }: LoggedRequest) =>
  /^login$|^registry/.test(site) && /\/(token|exchange)$/i.test(new URL(url).pathname);

/** Requests that could have changed something, in order. */
export function changes({ requests }: Simulator): string[] {
  return requests.entries
    .filter((request) => !["GET", "HEAD", "OPTIONS"].includes(request.method) && !signsIn(request) && !asks(request))
    .map(({ site, method, url }) => `${site} ${method} ${new URL(url).pathname}`);
}

export function assertUntouched(simulator: Simulator): void {
  assert.deepEqual(changes(simulator), [], "a check changes nothing");
}
