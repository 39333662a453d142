// Asks the organization which identity the token belongs to.
import { LocationsApi } from "azure-devops-node-api/LocationsApi.js";
import type { Caller } from "../checks/check-ports.ts";
import { ServiceFault } from "../ports.ts";
import type { PoolClient } from "./pool-client.ts";

/** On the wire a descriptor is text, although the typings say an object. */
interface WireIdentity {
  readonly descriptor?: string;
  readonly providerDisplayName?: string;
  readonly customDisplayName?: string;
}

/** A build service's descriptor ends with the id of the project, or of the collection, that it works for. */
function identityOf({ descriptor = "", customDisplayName, providerDisplayName }: WireIdentity): Caller {
  const [, buildServiceOf] = /^Microsoft\.TeamFoundation\.ServiceIdentity;[^:]+:Build:(.+)$/i.exec(descriptor) ?? [];
  const name = customDisplayName ?? providerDisplayName ?? "an identity without a name";
  return { name, ...(buildServiceOf ? { buildServiceOf } : {}) };
}

/** Asks the organization. @throws `ServiceFault` */
export async function callerOf({ over, call, url }: Pick<PoolClient, "over" | "call" | "url">): Promise<Caller> {
  const locations = over(new LocationsApi(url, []));
  const data = await call(() => locations.getConnectionData());
  const user = data?.authenticatedUser as unknown as WireIdentity | undefined;
  if (user) return identityOf(user);
  const { host } = new URL(url);
  const said = `${host} does not say whom it takes the token for.`;
  throw new ServiceFault("Azure DevOps", "NotUnderstood", said, { kind: "foreign", host, retryable: true });
}
