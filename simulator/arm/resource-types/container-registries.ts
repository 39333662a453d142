// Container registries as resources.
import { randomBytes } from "node:crypto";
import { armError } from "../arm-error.ts";
import { type JsonObject, objectOf } from "../json-body.ts";
import type { ResourceType } from "../resources/resource-type.ts";
import { located } from "./added-properties.ts";
import { requireSku } from "./sku.ts";

const versions = "2021-09-01, 2022-12-01, 2023-07-01, 2025-04-01, 2025-11-01";

/**
 * Container registries as resources; what is in them is the registry's own business.
 * @param loginServer address of the registry of a name; `undefined` for one that nothing listens behind
 */
export function containerRegistries(loginServer: (name: string) => string | undefined): ResourceType {
  const passwords = new Map<string, readonly string[]>();
  return {
    name: "Microsoft.ContainerRegistry/registries",
    operation: "registry",
    headers: { "api-supported-versions": versions },
    complete: (resource, before) => {
      requireSku(resource);
      if (!/^[a-z0-9]{5,50}$/i.test(resource.name)) {
        const message = `The registry name '${resource.name}' must be 5 to 50 letters and digits.`;
        throw armError(400, "InvalidResourceName", message);
      }
      const now = new Date().toISOString();
      const address = loginServer(resource.name) ?? `${resource.name.toLowerCase()}.azurecr.io`;
      const completed = located(() => usual(address, now, objectOf(resource.sku).name))(resource, before);
      const tier = objectOf(resource.sku).name;
      return {
        ...completed,
        tags: resource.tags ?? {},
        sku: { ...objectOf(resource.sku), tier },
        systemData: { ...stamp("created", now), ...objectOf(before?.systemData), ...stamp("lastModified", now) },
      };
    },
    actions: {
      listCredentials: ({ id, name, properties }) => {
        if (objectOf(properties).adminUserEnabled !== true) {
          const message = `Authentication for registry '${name}' by the admin user is disabled.`;
          throw armError(400, "UnAuthorizedForCredentialOperations", message);
        }
        const known = passwords.get(id) ?? [0, 1].map(() => randomBytes(24).toString("base64url"));
        passwords.set(id, known);
        return {
          username: name,
          passwords: known.map((value, index) => ({ name: `password${index === 0 ? "" : index + 1}`, value })),
        };
      },
    },
  };
}

const stamp = (what: "created" | "lastModified", at: string): JsonObject => ({
  [`${what}By`]: "simulator",
  [`${what}ByType`]: "Application",
  [`${what}At`]: at,
});

/** What a fresh registry has; networks may be restricted with the Premium tier only. */
function usual(loginServer: string, now: string, tier: unknown): JsonObject {
  const retention = { days: 7, lastUpdatedTime: now, status: "disabled" };
  return {
    loginServer,
    creationDate: now,
    adminUserEnabled: false,
    anonymousPullEnabled: false,
    dataEndpointEnabled: false,
    dataEndpointHostNames: [],
    encryption: { status: "disabled" },
    metadataSearch: "Disabled",
    networkRuleBypassOptions: "AzureServices",
    ...(tier === "Premium" ? { networkRuleSet: { defaultAction: "Allow", ipRules: [] } } : {}),
    policies: {
      azureADAuthenticationAsArmPolicy: { status: "enabled" },
      exportPolicy: { status: "enabled" },
      quarantinePolicy: { status: "disabled" },
      retentionPolicy: retention,
      softDeletePolicy: { lastUpdatedTime: now, retentionDays: 7, status: "disabled" },
      trustPolicy: { status: "disabled", type: "Notary" },
    },
    privateEndpointConnections: [],
    publicNetworkAccess: "Enabled",
    zoneRedundancy: "Disabled",
  };
}
