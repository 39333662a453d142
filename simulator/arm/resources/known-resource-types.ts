// Types whose clients expect more than to get back what they sent (facts real-clients).

import { blobContainers } from "../resource-types/blob-containers.ts";
import { containerRegistries } from "../resource-types/container-registries.ts";
import { networkTypes } from "../resource-types/network-resources.ts";
import { storageAccounts } from "../resource-types/storage-accounts.ts";
import type { ResourceType } from "./resource-type.ts";

/** @param loginServer address of the registry of a name; `undefined` for one that nothing listens behind. */
export function knownTypes(loginServer: (name: string) => string | undefined): ResourceType[] {
  return [containerRegistries(loginServer), storageAccounts(), blobContainers(), ...networkTypes()];
}
