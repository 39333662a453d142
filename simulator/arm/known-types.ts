// Types whose clients expect more than to get back what they sent (facts real-clients).
import type { ResourceType } from "./resource-types.ts";
import { blobContainers } from "./types/blob-containers.ts";
import { networkTypes } from "./types/network.ts";
import { containerRegistries } from "./types/registries.ts";
import { storageAccounts } from "./types/storage-accounts.ts";

/** @param loginServer address of the registry of a name; `undefined` for one that nothing listens behind. */
export function knownTypes(loginServer: (name: string) => string | undefined): ResourceType[] {
  return [containerRegistries(loginServer), storageAccounts(), blobContainers(), ...networkTypes()];
}
