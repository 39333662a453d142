// The Azure half of the simulator: a tenant, a subscription with a network, a registry, and what runs containers.

import { type Arm, type ArmOptions, createArm } from "./arm/arm-site.ts";
import { acrPull, blobDataContributor, managedIdentityOperator, owner } from "./arm/authorization/built-in-roles.ts";
import { Access, type RoleDefinition } from "./arm/authorization/permission-check.ts";
import { shippedRoles } from "./arm/authorization/shipped-roles.ts";
import { objectOf } from "./arm/json-body.ts";
import type { StandbyPool } from "./arm/standby/standby-pool.ts";
import { createEngine, type EngineChoice } from "./containers/choose-engine.ts";
import type { ContainerEngine } from "./containers/container-engine.ts";
import type { AgentPackage } from "./containers/processes/root-folder.ts";
import { clientCertificate } from "./entra/client-certificate.ts";
import type { ServicePrincipal } from "./entra/directory.ts";
import { azureDevOpsResource, containerRegistryResource, createEntra, type Entra } from "./entra/entra-site.ts";
import type { UserAssignedIdentity } from "./entra/metadata-service.ts";
import type { Sites } from "./http/https-sites.ts";
import {
  firstResources,
  type Machine,
  putFirstResources,
  putIdentity,
  setUpNames,
  setUpResources,
  startMachine,
} from "./initial-resources.ts";
import { putStandbyPool } from "./initial-standby-pool.ts";
import { createNetwork, type Network } from "./network/virtual-network-gateway.ts";
import { type AzureRegistries, openRegistries } from "./registry/azure-registries.ts";
import type { RegistryAccount } from "./registry/registry-accounts.ts";
import { StorageAccount, storageResource } from "./storage/storage-account.ts";

export interface AzureOptions extends Partial<ArmOptions> {
  /** Seconds an access token is good for. */
  readonly tokenLifetimeSeconds?: number;
  /**
   * What is private is in the network that samples/setup is going to make, as is the storage account; its registry will have
   * the image, as if Azure had built it.
   */
  readonly forSetUp?: boolean;
}

interface AzureSetting {
  readonly sites: Sites;
  /** Where containers get their folders. */
  readonly folder: string;
  readonly agentPackage?: AgentPackage;
  /** What runs containers; processes when left out. */
  readonly engine?: EngineChoice;
}

/** A service principal with the secret that proves it. */
export type Principal = ServicePrincipal & { readonly secret: string };

export interface Azure extends Pick<AzureRegistries, "registry" | "privateRegistry"> {
  readonly location: string;
  /** Resource group of the container groups. */
  readonly resourceGroup: string;
  /** A delegated subnet, in a resource group of its own as networks often are. */
  readonly subnetId: string;
  readonly arm: Arm;
  readonly armOrigin: string;
  readonly authority: string;
  readonly entra: Entra;
  readonly network: Network;
  readonly engine: ContainerEngine;
  /** What a service connection of the product is made of: it has the least rights there are to document. */
  readonly deployer: Principal;
  /** Proves the deployer as well as its secret does: key and certificate in one PEM text, made when first asked for. */
  deployerCertificate(): string;
  /** Owns the subscription. */
  readonly administrator: Principal;
  /** May pull every image with its application id and secret, as a service principal pulls from ACR. */
  readonly puller: Principal;
  /** May pull every image, as the user of any other registry. */
  readonly registryAccount: RegistryAccount;
  /** Id of a user-assigned identity that may pull every image, also through a private endpoint. */
  readonly pullIdentityId: string;
  /** Id of a user-assigned identity by which containers may delete their own group, made when first asked for. */
  cleanupIdentityId(): string;
  /** Has a private endpoint in the network of `subnetId` only, and the container `deployments`. */
  readonly storageAccount: StorageAccount;
  /**
   * Id of a user-assigned identity that may pull every image and write to the storage account's container, made when first
   * asked for; the deployer may give it to containers.
   */
  storageIdentityId(): string;
  /**
   * A standby pool that keeps one agent ready and that the deployer may claim from, made when first asked for.
   * @param image of its containers, the one without credentials when left out
   */
  standbyPool(image?: string): StandbyPool;
  /** Its identities may do what the deployer may, and pull every image. */
  readonly machine: Machine;
  /** Ends every container. */
  close(): Promise<void>;
}

/** One for all simulators of a process: to make its key takes longer than to start everything else. */
let certificate: string | undefined;

/** Opens the sites of Azure and fills them with what a newcomer would have set up. */
export async function startAzure(setting: AzureSetting, options: AzureOptions = {}): Promise<Azure> {
  const { sites, folder, agentPackage } = setting;
  const [armSite, loginSite] = await Promise.all(["arm", "login"].map(sites.open));
  if (!armSite || !loginSite) throw new Error("A site could not be opened.");
  const armOrigin = armSite.origin;
  const { tokenLifetimeSeconds, forSetUp = false } = options;
  const entra = await createEntra(loginSite, {
    resources: [armOrigin, azureDevOpsResource, containerRegistryResource, storageResource],
    ...(tokenLifetimeSeconds === undefined ? {} : { tokenLifetimeSeconds }),
  });
  const { directory } = entra;
  const puller = directory.addServicePrincipal("acr-puller");
  const registryAccount = { username: "registry-reader", password: puller.secret.split("").reverse().join("") };
  const subscriptionId = crypto.randomUUID();
  const first = firstResources(subscriptionId);
  const place = forSetUp ? setUpResources(subscriptionId) : first;
  const access = new Access();
  const registries = await openRegistries({
    sites,
    entra,
    access,
    armAudience: armOrigin,
    resourceGroupId: first.registriesGroupId,
    accounts: [registryAccount],
    ...(forSetUp && { another: { groupId: place.registriesGroupId, name: setUpNames.registry } }),
    properties: (id) => objectOf(arm.resources.get(id)?.properties),
  });
  const { registry, privateRegistry } = registries;
  const containers = ["deployments"];
  const storage = { sites, entra, access, folder, id: place.storageAccountId, containers };
  const storageAccount = await StorageAccount.open(storage);
  const network = await createNetwork(place.virtualNetworkId, storageAccount);
  const packaged = agentPackage && { agentPackage };
  const engine = await createEngine(setting.engine ?? "process", { sites, folder, network, ...packaged });
  const authority = loginSite.origin;
  const arm = createArm(
    {
      site: armSite,
      subscriptionId,
      entra,
      authority,
      engine,
      access,
      registries: [...new Set([registry, privateRegistry, ...registries.byName.values()])],
      openPlain: sites.openPlain,
      loginServer: (name) => registries.byName.get(name.toLowerCase())?.server,
    },
    options,
  );
  putFirstResources(arm, first);

  const deployer = directory.addServicePrincipal("ephemeral-agents");
  let registered = false;
  const administrator = directory.addServicePrincipal("administrator");
  const machine = await startMachine(sites, entra, putIdentity(arm, first, "id-agent-machine"));
  const pullIdentity = putIdentity(arm, first, "id-agents");
  const roles = shippedRoles(subscriptionId);
  const assign = ({ objectId }: ServicePrincipal, role: RoleDefinition, scope: string) =>
    access.assign({ principalId: objectId, role, scope });
  const ofMachine = [machine.systemAssigned, machine.userAssigned.principal];
  for (const principal of [deployer, ...ofMachine]) {
    assign(principal, roles.containerGroups, first.agentsGroupId);
    assign(principal, roles.network, first.virtualNetworkId);
  }
  for (const principal of [puller, pullIdentity.principal, ...ofMachine]) {
    for (const id of [first.registryId, first.privateRegistryId]) assign(principal, acrPull, id);
  }
  assign(administrator, owner, `/subscriptions/${subscriptionId}`);

  let cleanupIdentity: UserAssignedIdentity | undefined;
  /** With the rights that whoever wants it has to give besides: to it, and to the deployer, who hands it to containers. */
  const putCleanupIdentity = (): UserAssignedIdentity => {
    const identity = putIdentity(arm, first, "id-agent-cleanup");
    assign(identity.principal, roles.selfDestruct, first.agentsGroupId);
    assign(identity.principal, acrPull, first.registryId);
    assign(deployer, managedIdentityOperator, identity.id);
    return identity;
  };

  let storageIdentity: UserAssignedIdentity | undefined;
  /** With the rights that `samples/setup` gives to it, and to the deployer. */
  const putStorageIdentity = (): UserAssignedIdentity => {
    const identity = putIdentity(arm, first, "id-shop-agents");
    assign(identity.principal, blobDataContributor, storageAccount.containerId("deployments"));
    assign(identity.principal, acrPull, first.registryId);
    assign(deployer, managedIdentityOperator, identity.id);
    return identity;
  };

  let standbyPool: StandbyPool | undefined;
  return {
    location: first.location,
    resourceGroup: first.groups.agents,
    subnetId: first.subnetId,
    arm,
    armOrigin,
    authority,
    entra,
    registry,
    privateRegistry,
    network,
    engine,
    deployer,
    deployerCertificate() {
      certificate ??= clientCertificate("ephemeral-agents");
      if (!registered) directory.addCertificate(deployer.appId, certificate);
      registered = true;
      return certificate;
    },
    administrator,
    puller,
    registryAccount,
    pullIdentityId: pullIdentity.id,
    cleanupIdentityId() {
      cleanupIdentity ??= putCleanupIdentity();
      return cleanupIdentity.id;
    },
    storageAccount,
    storageIdentityId() {
      storageIdentity ??= putStorageIdentity();
      return storageIdentity.id;
    },
    standbyPool(image = registry.image) {
      const asRoot = image !== registry.bakedImage;
      standbyPool ??= putStandbyPool({ arm, first, roles, image, asRoot, claimers: [deployer, ...ofMachine] });
      return standbyPool;
    },
    machine,
    async close() {
      await arm.close();
      await engine.close?.();
      await network.close();
      await storageAccount.close();
    },
  };
}
