// Types whose clients expect more than to get back what they sent (facts real-clients).
import { randomBytes, randomUUID } from "node:crypto";
import { armError } from "./arm-error.ts";
import { type JsonObject, objectOf } from "./json.ts";
import type { Resource } from "./resource-store.ts";
import { type ResourceType, requireLocation } from "./resource-types.ts";

/** @param loginServer address of the registry of a name; `undefined` for one that nothing listens behind. */
export function knownTypes(loginServer: (name: string) => string | undefined): ResourceType[] {
  return [
    containerRegistries(loginServer),
    storageAccounts(),
    { name: "Microsoft.Network/natGateways", complete: located(() => ({ resourceGuid: randomUUID() })) },
    {
      name: "Microsoft.Network/publicIPAddresses",
      complete: located(() => ({ ipAddress: `203.0.113.${1 + (randomBytes(1).readUInt8() % 250)}` })),
    },
    { name: "Microsoft.Network/networkSecurityGroups", complete: securityGroup },
    { name: "Microsoft.Network/privateEndpoints", complete: located(() => ({})) },
    { name: "Microsoft.Network/privateDnsZones", isGlobal: true },
    { name: "Microsoft.Network/privateDnsZones/virtualNetworkLinks", isGlobal: true },
  ];
}

/** Adds properties to what has a location; those that were added once stay. */
function located(add: (resource: Resource) => JsonObject): NonNullable<ResourceType["complete"]> {
  return (resource, before) => {
    requireLocation(resource.location);
    const added = add(resource);
    const stays = Object.entries(objectOf(before?.properties)).filter(([name]) => name in added);
    return { properties: { ...added, ...Object.fromEntries(stays), ...objectOf(resource.properties) } };
  };
}

function requireSku({ sku, type }: Resource): void {
  if (typeof objectOf(sku).name === "string") return;
  throw armError(400, "InvalidRequestContent", `The sku of a resource of type '${type}' must have a name.`);
}

function containerRegistries(loginServer: (name: string) => string | undefined): ResourceType {
  const name = "Microsoft.ContainerRegistry/registries";
  return {
    name,
    complete: (resource, before) => {
      requireSku(resource);
      if (!/^[a-z0-9]{5,50}$/i.test(resource.name)) {
        throw armError(
          400,
          "InvalidResourceName",
          `The registry name '${resource.name}' must be 5 to 50 letters and digits.`,
        );
      }
      return located(() => ({
        loginServer: loginServer(resource.name) ?? `${resource.name.toLowerCase()}.azurecr.io`,
        creationDate: new Date().toISOString(),
        adminUserEnabled: false,
        anonymousPullEnabled: false,
        publicNetworkAccess: "Enabled",
        networkRuleBypassOptions: "AzureServices",
        policies: { azureADAuthenticationAsArmPolicy: { status: "enabled" } },
      }))(resource, before);
    },
  };
}

function storageAccounts(): ResourceType {
  const keys = new Map<string, string>();
  const keyOf = (name: string): string => {
    const key = keys.get(name.toLowerCase()) ?? randomBytes(64).toString("base64");
    keys.set(name.toLowerCase(), key);
    return key;
  };
  return {
    name: "Microsoft.Storage/storageAccounts",
    // Its clients refuse 201 (facts real-clients).
    created: 200,
    complete: (resource, before) => {
      requireSku(resource);
      if (!/^[a-z0-9]{3,24}$/.test(resource.name)) {
        const message = `${resource.name} is not a valid storage account name. Storage account name must be between 3 and 24 characters in length and use numbers and lower-case letters only.`;
        throw armError(400, "AccountNameInvalid", message);
      }
      const endpoint = (service: string): string => `https://${resource.name}.${service}.core.windows.net/`;
      const services = ["blob", "dfs", "file", "queue", "table", "web"];
      return located(() => ({
        creationTime: new Date().toISOString(),
        primaryLocation: resource.location,
        statusOfPrimary: "available",
        primaryEndpoints: Object.fromEntries(services.map((service) => [service, endpoint(service)])),
      }))(resource, before);
    },
    actions: {
      listKeys: ({ id }) => ({
        keys: ["key1", "key2"].map((keyName) => ({ keyName, value: keyOf(`${id}/${keyName}`), permissions: "FULL" })),
      }),
    },
  };
}

/** Gives the rules that it was made with ids of their own. */
function securityGroup({ id, location, properties }: Resource): JsonObject {
  requireLocation(location);
  const given = objectOf(properties).securityRules;
  const rules = (Array.isArray(given) ? given : []).map(objectOf);
  const securityRules = rules.map((rule) => ({ ...rule, id: `${id}/securityRules/${rule.name}` }));
  return { properties: { securityRules, defaultSecurityRules: [] } };
}
