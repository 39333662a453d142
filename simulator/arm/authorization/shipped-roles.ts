import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { RoleDefinition } from "./access.ts";

/** The least that the task's service principal needs, and so exactly what it gets. */
export interface ShippedRoles {
  /** Assigned on the resource group of the container groups. */
  readonly containerGroups: RoleDefinition;
  /** Assigned on the virtual network. */
  readonly network: RoleDefinition;
}

const folder = new URL("../../../samples/roles/", import.meta.url);

/** The role definitions that users are told to create, filled in as the samples' README says. */
export function shippedRoles(subscriptionId: string): ShippedRoles {
  const read = (name: string): RoleDefinition => {
    const text = readFileSync(fileURLToPath(new URL(name, folder)), "utf8");
    return JSON.parse(text.replaceAll("SUBSCRIPTION_ID", subscriptionId));
  };
  return { containerGroups: read("container-groups.json"), network: read("network.json") };
}
