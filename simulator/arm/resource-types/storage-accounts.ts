// Storage accounts as resources.
import { randomBytes } from "node:crypto";
import { armError } from "../arm-error.ts";
import { objectOf } from "../json-body.ts";
import type { ResourceType } from "../resources/resource-type.ts";
import { located } from "./added-properties.ts";
import { requireSku } from "./sku.ts";

/** Storage accounts as resources: a PUT that makes one is answered before it is there (recorded: 202, and no body). */
export function storageAccounts(): ResourceType {
  const keys = new Map<string, string>();
  const keyOf = (name: string): string => {
    const key = keys.get(name.toLowerCase()) ?? randomBytes(64).toString("base64");
    keys.set(name.toLowerCase(), key);
    return key;
  };
  return {
    name: "Microsoft.Storage/storageAccounts",
    operation: "storage",
    complete: (resource, before) => {
      requireSku(resource);
      if (!/^[a-z0-9]{3,24}$/.test(resource.name)) {
        const message = `${resource.name} is not a valid storage account name. Storage account name must be between 3 and 24 characters in length and use numbers and lower-case letters only.`;
        throw armError(400, "AccountNameInvalid", message);
      }
      const endpoint = (service: string): string => `https://${resource.name}.${service}.core.windows.net/`;
      const services = ["blob", "dfs", "file", "queue", "table", "web"];
      const now = new Date().toISOString();
      const service = { keyType: "Account", enabled: true, lastEnabledTime: now };
      const completed = located(() => ({
        accessTier: "Hot",
        creationTime: now,
        encryption: { keySource: "Microsoft.Storage", services: { blob: service, file: service } },
        keyCreationTime: { key1: now, key2: now },
        networkAcls: { bypass: "AzureServices", defaultAction: "Allow", ipRules: [], virtualNetworkRules: [] },
        primaryLocation: resource.location,
        privateEndpointConnections: [],
        statusOfPrimary: "available",
        supportsHttpsTrafficOnly: true,
        primaryEndpoints: Object.fromEntries(services.map((each) => [each, endpoint(each)])),
      }))(resource, before);
      const { name } = objectOf(resource.sku);
      return { ...completed, tags: resource.tags ?? {}, sku: { name, tier: String(name).split("_")[0] } };
    },
    actions: {
      listKeys: ({ id }) => ({
        keys: ["key1", "key2"].map((keyName) => ({ keyName, value: keyOf(`${id}/${keyName}`), permissions: "FULL" })),
      }),
    },
  };
}
