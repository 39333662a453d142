// The built-in roles that the simulated subscription has.
import type { RoleDefinition } from "./permission-check.ts";

/** A role that every subscription has, under the same id everywhere (Azure documentation, "Azure built-in roles"). */
interface BuiltInRole extends RoleDefinition {
  /** The last part of its id. */
  readonly guid: string;
}

const role = (
  Name: string,
  guid: string,
  Actions: readonly string[],
  rest: Partial<RoleDefinition> = {},
): BuiltInRole => ({
  Name,
  guid,
  Actions,
  ...rest,
});

export const owner = role("Owner", "8e3af657-a8ff-443c-a75c-2fe8c4bcb635", ["*"]);
const contributor = role("Contributor", "b24988ac-6180-42a0-ab88-20f7382dd24c", ["*"], {
  NotActions: [
    "Microsoft.Authorization/*/Delete",
    "Microsoft.Authorization/*/Write",
    "Microsoft.Authorization/elevateAccess/Action",
  ],
});
export const reader = role("Reader", "acdd72a7-3385-48ef-bd42-f606fba81ae7", ["*/read"]);
export const acrPull = role("AcrPull", "7f951dda-4ed3-4680-a7ca-43fe172d538d", [
  "Microsoft.ContainerRegistry/registries/pull/read",
]);
export const managedIdentityOperator = role("Managed Identity Operator", "f1a07417-d97a-45cb-824c-7a7467783830", [
  "Microsoft.ManagedIdentity/userAssignedIdentities/*/read",
  "Microsoft.ManagedIdentity/userAssignedIdentities/*/assign/action",
  "Microsoft.Authorization/*/read",
  "Microsoft.Resources/subscriptions/resourceGroups/read",
]);
export const blobDataContributor = role(
  "Storage Blob Data Contributor",
  "ba92f5b4-2d11-453d-a403-e96b0029c9fe",
  ["delete", "read", "write"].map((verb) => `Microsoft.Storage/storageAccounts/blobServices/containers/${verb}`),
  {
    DataActions: ["delete", "read", "write", "move/action", "add/action"].map(
      (verb) => `Microsoft.Storage/storageAccounts/blobServices/containers/blobs/${verb}`,
    ),
  },
);

export const builtInRoles: readonly BuiltInRole[] = [
  owner,
  contributor,
  reader,
  acrPull,
  managedIdentityOperator,
  role("AcrPush", "8311e382-0749-4cb8-b61a-304f252e45ec", [
    "Microsoft.ContainerRegistry/registries/pull/read",
    "Microsoft.ContainerRegistry/registries/push/write",
  ]),
  role("User Access Administrator", "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9", ["*/read", "Microsoft.Authorization/*"]),
  role("Network Contributor", "4d97b98b-1d4f-4787-a291-c67834d212e7", [
    "Microsoft.Authorization/*/read",
    "Microsoft.Network/*",
    "Microsoft.Resources/subscriptions/resourceGroups/read",
  ]),
  blobDataContributor,
];
