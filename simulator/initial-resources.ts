// What a newcomer's subscription has before the product comes: groups, a network, two registries, a storage account.
import type { Arm } from "./arm/arm-site.ts";
import type { ServicePrincipal } from "./entra/directory.ts";
import type { Entra } from "./entra/entra-site.ts";
import { serveImds, type UserAssignedIdentity } from "./entra/metadata-service.ts";
import type { Sites } from "./http/https-sites.ts";
import { registryId, registryNames } from "./registry/azure-registries.ts";

/** Ids and names of the first resources, which are known before anything is made. */
export function firstResources(subscriptionId: string) {
  const inGroup = (name: string): string => `/subscriptions/${subscriptionId}/resourceGroups/${name}`;
  const groups = {
    agents: "rg-ephemeral-agents",
    network: "rg-network",
    registries: "rg-registry",
    data: "rg-shop",
  } as const;
  const networks = `${inGroup(groups.network)}/providers/Microsoft.Network`;
  const virtualNetworkId = `${networks}/virtualNetworks/vnet-shop`;
  return {
    location: "westeurope",
    groups,
    agentsGroupId: inGroup(groups.agents),
    registriesGroupId: inGroup(groups.registries),
    virtualNetworkId,
    subnetId: `${virtualNetworkId}/subnets/snet-agents`,
    natGatewayId: `${networks}/natGateways/nat-shop`,
    registryId: registryId(inGroup(groups.registries), registryNames.open),
    storageAccountId: `${inGroup(groups.data)}/providers/Microsoft.Storage/storageAccounts/shopdata`,
    privateEndpointId: `${networks}/privateEndpoints/pe-storage`,
    privateRegistryId: registryId(inGroup(groups.registries), registryNames.behindEndpoint),
  };
}

/** Names that samples/setup takes from its environment: nobody else may have them in all of Azure. */
export const setUpNames = { registry: "shopagents", storageAccount: "shopagentsdata" } as const;

/** Ids of what samples/setup makes, as its variables.sh names them, before it makes them. */
export function setUpResources(subscriptionId: string) {
  const inGroup = (name: string): string => `/subscriptions/${subscriptionId}/resourceGroups/${name}/providers`;
  return {
    registriesGroupId: `/subscriptions/${subscriptionId}/resourceGroups/rg-shop-platform`,
    virtualNetworkId: `${inGroup("rg-shop-network")}/Microsoft.Network/virtualNetworks/vnet-shop`,
    storageAccountId: `${inGroup("rg-shop-platform")}/Microsoft.Storage/storageAccounts/${setUpNames.storageAccount}`,
  };
}

export type FirstResources = ReturnType<typeof firstResources>;

export function putFirstResources({ resourceGroups, virtualNetworks, resources }: Arm, first: FirstResources): void {
  const { location, groups, natGatewayId } = first;
  for (const group of Object.values(groups)) resourceGroups.add(group, location);
  const serviceName = "Microsoft.ContainerInstance/containerGroups";
  const delegations = [{ name: "container-groups", properties: { serviceName } }];
  const natGateway = { id: natGatewayId };
  resources.put(natGatewayId, { location, sku: { name: "Standard" }, properties: {} });
  virtualNetworks.put(groups.network, "vnet-shop", {
    location,
    properties: {
      addressSpace: { addressPrefixes: ["10.20.0.0/16"] },
      subnets: [
        { name: "snet-agents", properties: { addressPrefix: "10.20.1.0/24", delegations, natGateway } },
        { name: "snet-apps", properties: { addressPrefix: "10.20.2.0/24" } },
      ],
    },
  });
  const sku = { name: "Premium" };
  resources.put(first.registryId, { location, sku, properties: {} });
  resources.put(first.privateRegistryId, { location, sku, properties: { publicNetworkAccess: "Disabled" } });
  putStorageAccount(resources, first);
}

/** As `samples/setup/storage.sh` makes one; its endpoint is in the subnet of the applications. */
function putStorageAccount(resources: Arm["resources"], first: FirstResources): void {
  const { location, storageAccountId, privateEndpointId, virtualNetworkId } = first;
  resources.put(storageAccountId, {
    location,
    kind: "StorageV2",
    sku: { name: "Standard_LRS" },
    properties: { publicNetworkAccess: "Disabled", allowSharedKeyAccess: false, allowBlobPublicAccess: false },
  });
  const properties = { privateLinkServiceId: storageAccountId, groupIds: ["blob"] };
  resources.put(privateEndpointId, {
    location,
    properties: {
      subnet: { id: `${virtualNetworkId}/subnets/snet-apps` },
      privateLinkServiceConnections: [{ name: "storage", properties }],
    },
  });
}

/** A virtual machine with managed identities, for agents that are to have some. */
export interface Machine {
  /** Its metadata service; the identity library goes there by `AZURE_POD_IDENTITY_AUTHORITY_HOST`. */
  readonly metadataOrigin: string;
  /** What the machine is itself. */
  readonly systemAssigned: ServicePrincipal;
  /** One beside it. */
  readonly userAssigned: UserAssignedIdentity;
}

export async function startMachine(sites: Sites, entra: Entra, userAssigned: UserAssignedIdentity): Promise<Machine> {
  const systemAssigned = entra.directory.addManagedIdentity("agent-machine");
  const site = await sites.openPlain("imds");
  serveImds(site, entra, () => ({ systemAssigned, userAssigned: [userAssigned] }));
  return { metadataOrigin: site.origin, systemAssigned, userAssigned };
}

/** Makes a user-assigned identity beside the container groups. */
export function putIdentity(arm: Arm, { agentsGroupId, location }: FirstResources, name: string): UserAssignedIdentity {
  const id = `${agentsGroupId}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/${name}`;
  arm.resources.put(id, { location });
  const principal = arm.identities.find(id);
  if (principal === undefined) throw new Error(`The identity ${id} has no principal.`);
  return { id, principal };
}
