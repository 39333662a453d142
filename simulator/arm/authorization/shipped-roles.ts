// The roles in `samples/roles`, as the simulated identities have them.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { RoleDefinition } from "./permission-check.ts";

/** The least that is needed, and so exactly what is given. */
export interface ShippedRoles {
  /** Of the task's service principal, on the resource group of the container groups. */
  readonly containerGroups: RoleDefinition;
  /** Of the task's service principal, on the virtual network. */
  readonly network: RoleDefinition;
  /** Of the identity by which containers delete their own group, on the resource group of the container groups. */
  readonly selfDestruct: RoleDefinition;
  /** Of the task's service principal, on the resource group of the standby pool. */
  readonly standbyPool: RoleDefinition;
  /** Of the standby pool resource provider, on that resource group. */
  readonly standbyProvider: RoleDefinition;
}

const folder = new URL("../../../samples/roles/", import.meta.url);

/** The role definitions that users are told to create, filled in as the samples' README says. */
export function shippedRoles(subscriptionId: string): ShippedRoles {
  const read = (name: string): RoleDefinition => {
    const text = readFileSync(fileURLToPath(new URL(name, folder)), "utf8");
    return JSON.parse(text.replaceAll("SUBSCRIPTION_ID", subscriptionId));
  };
  return {
    containerGroups: read("container-groups.json"),
    network: read("network.json"),
    selfDestruct: read("self-destruct.json"),
    standbyPool: read("standby-pool.json"),
    standbyProvider: read("standby-provider.json"),
  };
}
