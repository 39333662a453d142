// A step's requests told from everybody else's, when several steps work in one pool and one resource group: each step has
// a service principal and a job token of its own.
import type { SimRequest } from "../../../simulator/http/https-site.ts";
import type { Endpoint } from "../../../simulator/job-execution/job/job-message.ts";
import {
  azureConnection,
  azureConnectionOf,
  projectConnections,
  schemes,
} from "../../../simulator/pipeline-runner/service-connections/project-connections.ts";
import type { Simulator } from "../../../simulator/start-simulator.ts";

interface OwnConnection {
  readonly clientId: string;
  /** The connection to Azure goes first. */
  readonly endpoints: readonly Endpoint[];
}

/** A service connection like the project's, by a principal of its own with the same roles; a managed one is the machine's. */
export function ownConnection(
  simulator: Simulator,
  name: string,
  signsIn: "secret" | "federated" | "managed" = "secret",
): OwnConnection {
  const { ready, entra, arm, deployer, organization, machine } = simulator;
  const others = projectConnections(simulator);
  if (signsIn === "managed") {
    const own = others.filter(({ name: each }) => each === "azure-managed-identity");
    return { clientId: machine.systemAssigned.appId, endpoints: [...own, ...others] };
  }
  const principal = entra.directory.addServicePrincipal(name);
  for (const { role, scope } of arm.access.of(deployer.objectId)) {
    arm.access.assign({ principalId: principal.objectId, role, scope });
  }
  if (signsIn === "federated") {
    const own = azureConnectionOf(name, ready, { authorization: schemes.federated(ready.tenantId, principal.appId) });
    const federation = organization.addFederatedConnection({
      id: own.id,
      name,
      project: ready.project,
      signer: "tenant",
    });
    entra.directory.addFederatedCredential(principal.appId, federation);
    return { clientId: principal.appId, endpoints: [own, ...others] };
  }
  const at = { ...ready, clientId: principal.appId, clientSecret: principal.secret };
  return { clientId: principal.appId, endpoints: [azureConnection("azure-private-deployments", at)] };
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
