// The Azure half of the simulator: a tenant, a subscription with a network, a registry, and what runs containers.
import { type Arm, type ArmOptions, createArm } from "./arm/arm.ts";
import { shippedRoles } from "./arm/shipped-roles.ts";
import type { ContainerEngine } from "./containers/engine.ts";
import { createProcessEngine } from "./containers/process-engine.ts";
import type { AgentPackage } from "./containers/root-folder.ts";
import type { ServicePrincipal } from "./entra/directory.ts";
import { azureDevOpsResource, createEntra, type Entra } from "./entra/entra.ts";
import type { Sites } from "./http/sites.ts";
import { createNetwork, type Network } from "./network/network.ts";
import { createRegistry, type Registry, type RegistryAccount } from "./registry/registry.ts";

export interface AzureOptions extends Partial<ArmOptions> {
  /** Seconds an access token is good for. */
  readonly tokenLifetimeSeconds?: number;
}

export interface AzureSetting {
  readonly sites: Sites;
  /** Where containers get their folders. */
  readonly folder: string;
  readonly agentPackage?: AgentPackage;
}

/** A service principal with the secret that proves it. */
export type Principal = ServicePrincipal & { readonly secret: string };

export interface Azure {
  readonly location: string;
  /** Resource group of the container groups. */
  readonly resourceGroup: string;
  /** A delegated subnet, in a resource group of its own as networks often are. */
  readonly subnetId: string;
  readonly arm: Arm;
  readonly armOrigin: string;
  readonly authority: string;
  readonly entra: Entra;
  readonly registry: Registry;
  readonly network: Network;
  readonly engine: ContainerEngine;
  /** What a service connection of the product is made of: it has the least rights there are to document. */
  readonly deployer: Principal;
  /** Owns the subscription. */
  readonly administrator: Principal;
  /** May pull every image with its application id and secret, as a service principal pulls from ACR. */
  readonly puller: Principal;
  /** May pull every image, as the user of any other registry. */
  readonly registryAccount: RegistryAccount;
  /** Ends every container. */
  close(): Promise<void>;
}

const location = "westeurope";
const resourceGroup = "rg-ephemeral-agents";
const networkResourceGroup = "rg-network";
const virtualNetwork = "vnet-shop";
const subnet = "snet-agents";

/** Opens the sites `arm`, `login` and `registry` and fills them with what a newcomer would have set up. */
export async function startAzure(setting: AzureSetting, options: AzureOptions = {}): Promise<Azure> {
  const { sites, folder, agentPackage } = setting;
  const [armSite, loginSite, registrySite] = await Promise.all(["arm", "login", "registry"].map(sites.open));
  if (!armSite || !loginSite || !registrySite) throw new Error("A site could not be opened.");
  const { tokenLifetimeSeconds } = options;
  const entra = await createEntra(loginSite, {
    resources: [armSite.origin, azureDevOpsResource],
    ...(tokenLifetimeSeconds === undefined ? {} : { tokenLifetimeSeconds }),
  });
  const puller = entra.directory.addServicePrincipal("acr-puller");
  const registryAccount = { username: "shop", password: puller.secret.split("").reverse().join("") };
  const accounts = [registryAccount, { username: puller.appId, password: puller.secret }];
  const registry = createRegistry(registrySite, accounts);
  const subscriptionId = crypto.randomUUID();
  const networks = `/subscriptions/${subscriptionId}/resourceGroups/${networkResourceGroup}/providers/Microsoft.Network`;
  const virtualNetworkId = `${networks}/virtualNetworks/${virtualNetwork}`;
  const network = await createNetwork(virtualNetworkId);
  const { caFile } = sites;
  const engine = createProcessEngine({ folder, caFile, network, ...(agentPackage && { agentPackage }) });
  const authority = loginSite.origin;
  const arm = createArm({ site: armSite, subscriptionId, entra, authority, engine, registry }, options);

  const deployer = entra.directory.addServicePrincipal("ephemeral-agents");
  const administrator = entra.directory.addServicePrincipal("administrator");
  const { id: resourceGroupId } = arm.resourceGroups.add(resourceGroup, location);
  arm.resourceGroups.add(networkResourceGroup, location);
  arm.virtualNetworks.put(networkResourceGroup, virtualNetwork, virtualNetworkBody(networks));
  const roles = shippedRoles(subscriptionId);
  const assign = (principalId: string, role: (typeof roles)["network"], scope: string) =>
    arm.access.assign({ principalId, role, scope });
  assign(deployer.objectId, roles.containerGroups, resourceGroupId);
  assign(deployer.objectId, roles.network, virtualNetworkId);
  assign(administrator.objectId, { Name: "Owner", Actions: ["*"] }, `/subscriptions/${subscriptionId}`);

  return {
    location,
    resourceGroup,
    subnetId: `${virtualNetworkId}/subnets/${subnet}`,
    arm,
    armOrigin: armSite.origin,
    authority,
    entra,
    registry,
    network,
    engine,
    deployer,
    administrator,
    puller,
    registryAccount,
    async close() {
      await arm.close();
      await network.close();
    },
  };
}

function virtualNetworkBody(networks: string): Readonly<Record<string, unknown>> {
  const serviceName = "Microsoft.ContainerInstance/containerGroups";
  return {
    location,
    properties: {
      addressSpace: { addressPrefixes: ["10.20.0.0/16"] },
      subnets: [
        {
          name: subnet,
          properties: {
            addressPrefix: "10.20.1.0/24",
            delegations: [{ name: "container-groups", properties: { serviceName } }],
            natGateway: { id: `${networks}/natGateways/nat-shop` },
          },
        },
        { name: "snet-apps", properties: { addressPrefix: "10.20.2.0/24" } },
      ],
    },
  };
}
