// A step's requests told from everybody else's, when several steps work in one pool and one resource group: each step has
// a service principal and a job token of its own.
import type { SimRequest } from "../../../simulator/http/site.ts";
import { azureConnection } from "../../../simulator/runner/service-connections.ts";
import type { Simulator } from "../../../simulator/simulator.ts";
import type { Endpoint } from "../../../simulator/worker/job-message.ts";

/** A service connection like the project's, by a principal of its own with the same roles. */
export function ownConnection({ ready, entra, arm, deployer }: Simulator, name: string) {
  const principal = entra.directory.addServicePrincipal(name);
  for (const { role, scope } of arm.access.of(deployer.objectId)) {
    arm.access.assign({ principalId: principal.objectId, role, scope });
  }
  const at = { ...ready, clientId: principal.appId, clientSecret: principal.secret };
  return { clientId: principal.appId, endpoints: [azureConnection("azure-private-deployments", at)] as Endpoint[] };
}

function clientOf(jwt: string): unknown {
  try {
    return JSON.parse(Buffer.from(jwt.split(".")[1] ?? "", "base64url").toString("utf8")).appid;
  } catch {
    return undefined;
  }
}

/** Whose credentials these are. */
export interface Who {
  readonly clientId: string;
  readonly jobToken: string;
}

export function isFrom({ clientId, jobToken }: Who, { headers, body }: SimRequest): boolean {
  const [, token] = /^Bearer (\S+)$/i.exec(headers.authorization ?? "") ?? [];
  if (token === undefined) return body.includes(clientId);
  return token === jobToken || clientOf(token) === clientId;
}

/** Settles when the nth request of them has arrived, before it is handled. */
export function nthRequest({ faults }: Simulator, who: Who, nth: number): Promise<void> {
  let seen = 0;
  return new Promise((resolve) => {
    const call = (request: SimRequest) => {
      if (isFrom(who, request) && ++seen === nth) resolve();
      return undefined;
    };
    faults.add({ effect: { call } });
  });
}
