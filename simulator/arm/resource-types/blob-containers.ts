// Containers of a storage account as resources (recorded 2024-10-09).
import { randomBytes } from "node:crypto";
import { armError } from "../arm-error.ts";
import { objectOf } from "../json-body.ts";
import type { ResourceType } from "../resources/resource-type.ts";

/** What a PUT of one that is there already shows besides its metadata. */
const usual = { deleted: false, hasImmutabilityPolicy: false, hasLegalHold: false, remainingRetentionDays: 0 };

/** Containers for blobs. A PUT shows little of them, a GET all. */
export function blobContainers(): ResourceType {
  return {
    name: "Microsoft.Storage/storageAccounts/blobServices/containers",
    stateless: true,
    complete: ({ properties }) => ({
      etag: `"0x${randomBytes(8).toString("hex").toUpperCase()}"`,
      properties: {
        ...{ ...usual, defaultEncryptionScope: "$account-encryption-key", denyEncryptionScopeOverride: false },
        ...{ publicAccess: "None", leaseStatus: "Unlocked", leaseState: "Available" },
        ...{ lastModifiedTime: new Date().toISOString(), legalHold: { hasLegalHold: false, tags: [] } },
        ...objectOf(properties),
      },
    }),
    written({ id, name, type, properties }, before) {
      if (before === undefined) return { id, name, type };
      const { metadata } = objectOf(properties);
      return { id, name, type, properties: { ...usual, ...(metadata === undefined ? {} : { metadata }) } };
    },
    notFound: () => armError(404, "ContainerNotFound", "The specified container does not exist."),
  };
}
