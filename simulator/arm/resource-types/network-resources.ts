// Network resources beside virtual networks, with what their provider adds to them (recorded 2021 to 2024).
import { randomBytes, randomUUID } from "node:crypto";
import { armError } from "../arm-error.ts";
import { type JsonObject, objectOf } from "../json-body.ts";
import type { Resource } from "../resources/resource.ts";
import { type ResourceType, requireLocation } from "../resources/resource-type.ts";
import { added, listOf, located } from "./added-properties.ts";

const weakEtag = (): string => `W/"${randomUUID()}"`;

/** Types of the network provider: their changes are operations, and every change gives a new etag. */
export function networkTypes(): ResourceType[] {
  const type = (
    name: string,
    complete: NonNullable<ResourceType["complete"]>,
    more: Pick<ResourceType, "since"> = {},
  ): ResourceType => ({
    ...more,
    name: `Microsoft.Network/${name}`,
    operation: "network",
    complete: (resource, before) => ({ etag: weakEtag(), ...complete(resource, before) }),
  });
  return [
    type(
      "natGateways",
      regional(() => ({ resourceGuid: randomUUID(), idleTimeoutInMinutes: 4 })),
    ),
    type("publicIPAddresses", regional(publicAddress)),
    type("networkSecurityGroups", securityGroup),
    type("networkSecurityGroups/securityRules", securityRule),
    // Answers of 2021-02-01 have neither, those of 2021-03-01 have the first only (recorded).
    type("privateEndpoints", privateEndpoint, {
      since: { ipConfigurations: "2021-03-01", customNetworkInterfaceName: "2022-01-01" },
    }),
    type("privateEndpoints/privateDnsZoneGroups", zoneGroup),
    ...privateDns(),
  ];
}

function regional(add: () => JsonObject): NonNullable<ResourceType["complete"]> {
  return (resource, before) => ({
    ...located(add)(resource, before),
    ...(resource.sku === undefined ? {} : { sku: { tier: "Regional", ...objectOf(resource.sku) } }),
  });
}

function publicAddress(): JsonObject {
  return {
    resourceGuid: randomUUID(),
    ipAddress: `203.0.113.${1 + (randomBytes(1).readUInt8() % 250)}`,
    publicIPAddressVersion: "IPv4",
    publicIPAllocationMethod: "Dynamic",
    idleTimeoutInMinutes: 4,
    ipTags: [],
    ddosSettings: { protectionMode: "VirtualNetworkInherited" },
  };
}

const ruleLists = {
  sourcePortRanges: [],
  destinationPortRanges: [],
  sourceAddressPrefixes: [],
  destinationAddressPrefixes: [],
};

/** Gives the rules that it was made with ids of their own. */
function securityGroup(resource: Resource, before: Resource | undefined): JsonObject {
  requireLocation(resource.location);
  const { id, properties } = resource;
  const securityRules = listOf(objectOf(properties).securityRules).map((rule) => ({
    ...rule,
    id: `${id}/securityRules/${rule.name}`,
    etag: weakEtag(),
    type: "Microsoft.Network/networkSecurityGroups/securityRules",
    properties: { provisioningState: "Succeeded", ...ruleLists, ...objectOf(rule.properties) },
  }));
  const guid = added(before, { resourceGuid: randomUUID() });
  return { tags: resource.tags ?? {}, properties: { ...guid, securityRules, defaultSecurityRules: [] } };
}

function securityRule({ properties }: Resource): JsonObject {
  return { properties: { ...ruleLists, ...objectOf(properties) } };
}

function privateEndpoint({ id, name, location, properties }: Resource, before: Resource | undefined): JsonObject {
  requireLocation(location);
  const given = objectOf(properties);
  const connections = (kind: string) =>
    listOf(given[kind]).map((connection) => ({
      ...connection,
      id: `${id}/${kind}/${connection.name}`,
      etag: weakEtag(),
      type: `Microsoft.Network/privateEndpoints/${kind}`,
      properties: {
        provisioningState: "Succeeded",
        privateLinkServiceConnectionState: {
          status: "Approved",
          description: "Auto-Approved",
          actionsRequired: "None",
        },
        ...objectOf(connection.properties),
      },
    }));
  const [group] = id.split("/privateEndpoints/");
  const interfaceId = `${group}/networkInterfaces/${name}.nic.${randomUUID()}`;
  return {
    properties: {
      ...added(before, { resourceGuid: randomUUID(), networkInterfaces: [{ id: interfaceId }] }),
      customNetworkInterfaceName: given.customNetworkInterfaceName ?? "",
      ipConfigurations: given.ipConfigurations ?? [],
      customDnsConfigs: [],
      privateLinkServiceConnections: connections("privateLinkServiceConnections"),
      manualPrivateLinkServiceConnections: connections("manualPrivateLinkServiceConnections"),
    },
  };
}

function zoneGroup({ id, properties }: Resource): JsonObject {
  const configs = listOf(objectOf(properties).privateDnsZoneConfigs).map((config) => ({
    ...config,
    id: `${id}/privateDnsZoneConfigs/${config.name}`,
    etag: weakEtag(),
    type: "Microsoft.Network/privateEndpoints/privateDnsZoneGroups/privateDnsZoneConfigs",
    properties: { provisioningState: "Succeeded", ...objectOf(config.properties), recordSets: [] },
  }));
  return { properties: { privateDnsZoneConfigs: configs } };
}

const links = "Microsoft.Network/privateDnsZones/virtualNetworkLinks";

/** Private DNS has a provider of its own behind the name: answers to a PUT come before anything is there. */
function privateDns(): ResourceType[] {
  return [
    {
      name: "Microsoft.Network/privateDnsZones",
      operation: "dns",
      isGlobal: true,
      complete: () => ({
        etag: randomUUID(),
        properties: {
          maxNumberOfRecordSets: 25_000,
          maxNumberOfVirtualNetworkLinks: 1000,
          maxNumberOfVirtualNetworkLinksWithRegistration: 100,
          numberOfRecordSets: 1,
          numberOfVirtualNetworkLinks: 0,
          numberOfVirtualNetworkLinksWithRegistration: 0,
        },
      }),
      requireDeletable({ name }, within) {
        const link = within.find(({ type }) => type === links);
        if (link === undefined) return;
        const nested = `Microsoft.Network/privateDnsZones/${name}/virtualNetworkLinks/${link.name}`;
        const message = `Cannot delete resource while nested resources exist. Some existing nested resource IDs include: '${nested}'. Please delete all nested resources before deleting this resource.`;
        throw armError(409, "CannotDeleteResource", message, { "x-ms-failure-cause": "gateway" });
      },
      shown: (resource, within) => ({
        ...resource,
        properties: {
          ...objectOf(resource.properties),
          numberOfVirtualNetworkLinks: within.filter(({ type }) => type === links).length,
        },
      }),
    },
    {
      name: links,
      operation: "dns",
      isGlobal: true,
      complete: () => ({ etag: `"${randomUUID()}"`, properties: { virtualNetworkLinkState: "Completed" } }),
    },
  ];
}
