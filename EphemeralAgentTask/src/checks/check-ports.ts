// The requests that checks can send. None of them changes anything, except that the pool can add a placeholder.
// Every method throws `ServiceFault`; what does not exist is one with status 404.

import type { RegistryAccess } from "../ports/connections.ts";
import type { StandbyPoolView } from "../ports/standby-pool.ts";
import type { AgentPool, PolicyViolation } from "../ports.ts";

/** What one assigned role allows: actions with wildcards, less others. */
export interface RoleRights {
  readonly actions: readonly string[];
  readonly notActions: readonly string[];
}

export interface SubnetView {
  readonly name: string;
  /** `10.0.8.0/26`. */
  readonly addressPrefixes: readonly string[];
  /** Services it is delegated to, such as `Microsoft.ContainerInstance/containerGroups`. */
  readonly delegations: readonly string[];
  /** Resource types that services linked to it. */
  readonly links: readonly string[];
  /** Ids of the IP configurations in it: network interfaces, gateways and the like, never container groups. */
  readonly ipConfigurations: readonly string[];
  readonly natGatewayId?: string;
  readonly routeTableId?: string;
  readonly securityGroupId?: string;
}

export interface VirtualNetworkView {
  readonly location: string;
  readonly dnsServers: readonly string[];
  readonly subnets: readonly SubnetView[];
}

interface Usage {
  /** `ContainerGroups`, `StandardCores`, … */
  readonly name: string;
  readonly used: number;
  readonly limit: number;
}

export interface Usages {
  readonly usages: readonly Usage[];
  /** Requests left in this hour, when the answer told. */
  readonly requestsLeft?: number;
}

/** A lock at a scope or above it. */
export interface Lock {
  readonly name: string;
  /** Resource id of what it was put on. */
  readonly scope: string;
  /** `CanNotDelete` or `ReadOnly`. */
  readonly level: string;
}

/** What policies are to judge of a container group that nobody has made. */
export interface PlannedGroup {
  readonly location: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** A standby pool, its profile, and how it is doing. */
export interface StandbyLook {
  readonly pool: StandbyPoolView;
  /** Of the profile, whichever the pool uses. */
  readonly latestRevision: number;
  /** Container groups that are to wait, that do, and that are being made. */
  readonly ready: number;
  readonly running: number;
  readonly creating: number;
  /** `HealthState/healthy`, `HealthState/degraded`, … */
  readonly health: string;
}

export interface AzureInspection {
  /** Gets a token. @returns the object id of whom it stands for */
  signIn(): Promise<string>;
  /** `Registered`, `Registering`, `NotRegistered`, … */
  providerState(namespace: string): Promise<string>;
  /** @returns its region */
  resourceGroup(name: string): Promise<string>;
  /** @param id of the virtual network, whose answer shows its subnets too: no further right is needed for them */
  virtualNetwork(id: string): Promise<VirtualNetworkView>;
  /** Addresses in use in each subnet of a virtual network, by the subnet's id in lower case. */
  addressesInUse(virtualNetworkId: string): Promise<Readonly<Record<string, number>>>;
  /** What the signed-in identity may do at a scope, by roles assigned there or above. */
  rights(scope: string): Promise<readonly RoleRights[]>;
  usages(location: string): Promise<Usages>;
  /** Locks that hold at a scope: those of the scope itself, and of what it is in. */
  locks(scope: string): Promise<readonly Lock[]>;
  /** @param id of the pool */
  standbyPool(id: string): Promise<StandbyLook>;
  /** Whether anybody has a custom role at a scope or above it. */
  someoneHas(role: string, scope: string): Promise<boolean>;
  /**
   * Policies that would refuse a container group, as far as Azure tells: those of management groups may be missing.
   * @param scope resource id of the resource group
   */
  denials(scope: string, planned: PlannedGroup): Promise<readonly PolicyViolation[]>;
}

export type ManifestAnswer =
  | { readonly kind: "found"; readonly digest: string }
  /** The registry wants credentials, or does not take these. */
  | { readonly kind: "refused"; readonly said: string }
  /** The registry lets nobody in from here: a private endpoint or a firewall. */
  | { readonly kind: "walled"; readonly said: string }
  | { readonly kind: "missing"; readonly said: string };

export interface RegistryInspection {
  /** Looks for an image as a pull would. Fault code `network`: the registry does not answer. */
  manifest(image: string, access: RegistryAccess | undefined): Promise<ManifestAnswer>;
}

/** Whom the organization takes the token for. */
export interface Caller {
  readonly name: string;
  /** Id of the project, or of the collection, whose build service it is; undefined for anybody else. */
  readonly buildServiceOf?: string;
}

export interface PoolView {
  readonly records: AgentPool;
  /** Microsoft's own machines: nobody can add an agent. */
  readonly hosted: boolean;
  /** Whether the service may make agents update themselves; undefined when it did not say. */
  readonly autoUpdate?: boolean;
}

/** A plan by which the service gives each agent of a pool a job of its own, which cleans up work folders. */
export interface MaintenancePlan {
  readonly enabled: boolean;
  /** Names of days, in English; empty when it has none. */
  readonly days: readonly string[];
  /** `03:00` in `timeZone`; undefined when the service did not say. */
  readonly startsAt?: string;
  readonly timeZone?: string;
  /** Of the job that each agent gets, in minutes; undefined when the service did not say. */
  readonly timeoutMinutes?: number;
  /** How many of the pool's agents it takes at a time, in percent; undefined when the service did not say. */
  readonly agentsPercent?: number;
}

export interface DevOpsInspection {
  caller(): Promise<Caller>;
  /** Undefined when there is no pool of that name, or none that the token may see. */
  pool(name: string): Promise<PoolView | undefined>;
  /** Whether the token may add and remove agents; undefined when that cannot be asked. */
  mayManage(poolId: number): Promise<boolean | undefined>;
  /** The pool's maintenance plans; undefined when that cannot be asked. */
  maintenance(poolId: number): Promise<readonly MaintenancePlan[] | undefined>;
}
