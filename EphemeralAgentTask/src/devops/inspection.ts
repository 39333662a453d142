// What `check` reads of Azure DevOps.
import type { TaskAgentPool } from "azure-devops-node-api/interfaces/TaskAgentInterfaces.js";
import { LocationsApi } from "azure-devops-node-api/LocationsApi.js";
import type { Caller, DevOpsInspection, PoolView } from "../checks/inspection.ts";
import { ServiceFault } from "../ports.ts";
import type { DevOpsConnection } from "../settings.ts";
import type { Transport } from "../transport.ts";
import { agentPool, type PoolClient, poolClient, poolsNamed } from "./agent-pool.ts";
import { sessionWith } from "./connection.ts";
import { maintenancePlan } from "./maintenance.ts";
import { isMaintenance, saysForbidden } from "./shapes.ts";

/** Bit of the security namespace `DistributedTask`: View 1, Manage 2, Listen 4, AdministerPermissions 8, Use 16, Create 32. */
const manage = 2;

/** On the wire a descriptor is text, although the typings say an object. */
interface WireIdentity {
  readonly descriptor?: string;
  readonly providerDisplayName?: string;
  readonly customDisplayName?: string;
}

/** A build service's descriptor ends with the id of the project, or of the collection, that it works for. */
function callerOf({ descriptor = "", customDisplayName, providerDisplayName }: WireIdentity): Caller {
  const [, buildServiceOf] = /^Microsoft\.TeamFoundation\.ServiceIdentity;[^:]+:Build:(.+)$/i.exec(descriptor) ?? [];
  const name = customDisplayName ?? providerDisplayName ?? "an identity without a name";
  return { name, ...(buildServiceOf ? { buildServiceOf } : {}) };
}

function poolView(client: PoolClient, { id = 0, name = "", isHosted = false, autoUpdate }: TaskAgentPool): PoolView {
  const records = agentPool(client, id, name);
  return { records, hosted: isHosted, ...(autoUpdate === undefined ? {} : { autoUpdate }) };
}

export function devOpsInspection(
  devops: DevOpsConnection,
  transport: Transport,
  productVersion: string,
): DevOpsInspection {
  const client = poolClient(devops, transport, productVersion);
  const { api, call, shaper } = client;
  const { over } = sessionWith(devops, transport, `EphemeralAgent/${productVersion}`);
  const locations = over(new LocationsApi(devops.url, []));
  const { host } = new URL(devops.url);

  return {
    async caller() {
      const data = await call(() => locations.getConnectionData());
      const user = data?.authenticatedUser as unknown as WireIdentity | undefined;
      if (user) return callerOf(user);
      const said = `${host} does not say whom it takes the token for.`;
      throw new ServiceFault("Azure DevOps", "NotUnderstood", said, { kind: "foreign", host, retryable: true });
    },

    async pool(name) {
      const [found] = await poolsNamed(client, name);
      return found && poolView(client, found);
    },

    async mayManage(poolId) {
      try {
        const may: unknown = await call(() => api.hasPoolPermissions(poolId, manage));
        return typeof may === "boolean" ? may : undefined;
      } catch (error) {
        // An organization without this resource: nothing is known then.
        if (error instanceof ServiceFault && error.details.status === 404) return undefined;
        throw error;
      }
    },

    async maintenance(poolId) {
      try {
        const plans = await call(() => api.getAgentPoolMaintenanceDefinitions(poolId));
        return shaper.many(plans, "maintenance definitions", isMaintenance).map(maintenancePlan);
      } catch (error) {
        // A server without this resource, or a token that may not see it: what it says of the pool is told elsewhere.
        const hidden = error instanceof ServiceFault && error.details.status === 404;
        if (hidden || saysForbidden(error)) return undefined;
        throw error;
      }
    },
  };
}
