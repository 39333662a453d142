// The requests that `check` sends to Azure DevOps.
import type { TaskAgentPool } from "azure-devops-node-api/interfaces/TaskAgentInterfaces.js";
import type { DevOpsInspection, PoolView } from "../checks/check-ports.ts";
import type { Transport } from "../http/transport.ts";
import type { DevOpsConnection } from "../ports/connections.ts";
import { ServiceFault } from "../ports.ts";
import { agentPool, poolsNamed } from "./agent-pool.ts";
import { isMaintenance, saysForbidden } from "./expected-fields.ts";
import { type PoolClient, poolClient } from "./pool-client.ts";
import { maintenancePlan } from "./pool-maintenance.ts";
import { callerOf } from "./token-identity.ts";

/** Bit of the security namespace `DistributedTask`: View 1, Manage 2, Listen 4, AdministerPermissions 8, Use 16, Create 32. */
const manage = 2;

/** A page with status 404 does not. */
const saysNoResource = (error: unknown): boolean =>
  error instanceof ServiceFault && error.kind === "refusal" && error.details.status === 404;

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

  return {
    caller: () => callerOf(client),

    async pool(name) {
      const [found] = await poolsNamed(client, name);
      return found && poolView(client, found);
    },

    async mayManage(poolId) {
      try {
        const may: unknown = await call(() => api.hasPoolPermissions(poolId, manage));
        return shaper.one(may, "yes or no", (value) => typeof value === "boolean") as boolean;
      } catch (error) {
        // An organization without this resource: nothing is known then.
        if (saysNoResource(error)) return undefined;
        throw error;
      }
    },

    async maintenance(poolId) {
      try {
        const plans = await call(() => api.getAgentPoolMaintenanceDefinitions(poolId));
        return shaper.many(plans, "maintenance definitions", isMaintenance).map(maintenancePlan);
      } catch (error) {
        // A server without this resource, or a token that may not see it: what it says of the pool is told elsewhere.
        if (saysNoResource(error) || saysForbidden(error)) return undefined;
        throw error;
      }
    },
  };
}
