import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { RoleDefinition } from "./access.ts";

/** The least that the task's service principal needs, and so exactly what it gets. */
export interface DefaultRoles {
  /** Assigned on the resource group of the container groups. */
  readonly containerGroups: RoleDefinition;
  /** Assigned on the virtual network. */
  readonly network: RoleDefinition;
}

const builtIn: DefaultRoles = {
  containerGroups: {
    Name: "Ephemeral Agents Container Groups",
    Actions: [
      "Microsoft.ContainerInstance/containerGroups/read",
      "Microsoft.ContainerInstance/containerGroups/write",
      "Microsoft.ContainerInstance/containerGroups/delete",
      "Microsoft.ContainerInstance/containerGroups/containers/logs/read",
      "Microsoft.Resources/subscriptions/resourceGroups/read",
    ],
  },
  network: {
    Name: "Ephemeral Agents Network",
    Actions: [
      "Microsoft.Network/virtualNetworks/read",
      "Microsoft.Network/virtualNetworks/subnets/read",
      "Microsoft.Network/virtualNetworks/subnets/join/action",
    ],
  },
};

const shippedFolder = fileURLToPath(new URL("../../samples/roles/", import.meta.url));

/**
 * The role definitions that users are told to create, where the samples have them: one with actions on container
 * groups and one with actions on networks.
 * @throws when the folder has role definitions but not exactly one of each.
 */
export function defaultRoles(folder = shippedFolder): DefaultRoles {
  const files = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(".json")) : [];
  if (files.length === 0) return builtIn;
  const roles = files.map((name): RoleDefinition => JSON.parse(readFileSync(join(folder, name), "utf8")));
  return {
    containerGroups: only(roles, "Microsoft.ContainerInstance/", folder),
    network: only(roles, "Microsoft.Network/", folder),
  };
}

function only(roles: readonly RoleDefinition[], prefix: string, folder: string): RoleDefinition {
  const [role, another] = roles.filter(({ Actions }) => Actions.some((action) => action.startsWith(prefix)));
  if (role === undefined || another !== undefined) {
    throw new Error(`${folder} must hold exactly one role with actions that begin with ${prefix}.`);
  }
  return role;
}
