// The `arm` site: Azure Resource Manager as far as the product and the scripts that set it up use it.
import { randomUUID } from "node:crypto";
import type { ContainerEngine } from "../containers/container-engine.ts";
import type { ContainerGroup } from "../containers/container-group.ts";
import { comesUp, defaultGroupTimings, type Fate, type GroupTimings } from "../containers/deployment-outcome.ts";
import type { DeploymentPlan } from "../containers/deployment-plan.ts";
import { type EventDisplayChoice, eventDisplays } from "../containers/event-visibility.ts";
import type { ServicePrincipal } from "../entra/directory.ts";
import type { Entra } from "../entra/entra-site.ts";
import type { Site } from "../http/https-site.ts";
import type { OpenSite } from "../http/https-sites.ts";
import type { Pace } from "../pace/service-pace.ts";
import type { Registry } from "../registry/registry-site.ts";
import { serveAuthorization } from "./authorization/authorization-routes.ts";
import { Policies, servePolicies } from "./authorization/azure-policies.ts";
import { Access } from "./authorization/permission-check.ts";
import { Operations } from "./container-groups/async-operations.ts";
import { serveContainerGroups } from "./container-groups/container-group-routes.ts";
import { ContainerGroupStore } from "./container-groups/container-group-store.ts";
import type { PutSetting } from "./container-groups/creation/creation-dependencies.ts";
import {
  type Condition,
  type ConditionOptions,
  Conditions,
  type InjectedCondition,
} from "./container-groups/creation/injected-failures.ts";
import { defaultQuotaLimits, type QuotaLimits } from "./container-groups/creation/region-quota.ts";
import { Workspaces } from "./container-groups/log-analytics-workspaces.ts";
import { MetadataServices } from "./container-groups/metadata-services.ts";
import { serveLocations } from "./container-groups/region-capabilities.ts";
import { type } from "./container-groups/request/group-request.ts";
import { LongRunning } from "./long-running/long-running-operation.ts";
import { serveVirtualNetworks, type VirtualNetworks } from "./network/virtual-networks.ts";
import { createGate } from "./request-authorization.ts";
import { serveGenericResources } from "./resources/generic-resource-routes.ts";
import { knownTypes } from "./resources/known-resource-types.ts";
import { ManagedIdentities } from "./resources/managed-identities.ts";
import { type ResourceGroups, serveResourceGroups } from "./resources/resource-groups.ts";
import { serveResourceList } from "./resources/resource-list-routes.ts";
import { ResourceStore } from "./resources/resource-store.ts";
import { Profiles, profileType, serveProfiles } from "./standby/container-group-profiles.ts";
import { poolType } from "./standby/pool-body.ts";
import { makeMember, memberOf } from "./standby/pool-members.ts";
import { StandbyPools, servePools } from "./standby/standby-pool-routes.ts";
import { type Providers, serveProviders } from "./subscription/resource-providers.ts";
import { serveSubscriptions } from "./subscription/subscriptions.ts";
import { defaultRateLimit, type RateLimit, RateLimiter } from "./throttling/create-rate-limit.ts";

export interface ArmOptions {
  readonly timings: Partial<GroupTimings>;
  /** When events are shown; as recorded when left out, by the same draw for every simulator. */
  readonly events: EventDisplayChoice;
  /** The service's own times for what was recorded, in place of `timings`. */
  readonly pace: Pace;
  readonly quota: Partial<QuotaLimits>;
  readonly creations: RateLimit;
  readonly deletions: RateLimit;
  /** Whether restart policy `Never` restarts a container once that exited non-zero; it does when left out. */
  readonly restartNonZeroExit: boolean;
  /** Whether reading one's own permissions takes a right itself; it does when left out, for nobody could try it. */
  readonly permissionsNeedRight: boolean;
  /** Milliseconds that a standby pool pauses when what it makes does not come up; half a minute when left out. */
  readonly standbyPauseMs: number;
}

interface ArmSetting {
  readonly site: Site;
  readonly subscriptionId?: string;
  readonly entra: Entra;
  /** Origin of the login site. */
  readonly authority: string;
  readonly engine: ContainerEngine;
  /** The first holds what no other one does. */
  readonly registries: readonly Registry[];
  /** Who may do what; nobody may do anything at first. */
  readonly access?: Access;
  /** Addresses without TLS, for the metadata services of containers. */
  readonly openPlain: (name: string) => Promise<OpenSite>;
  /** Address of the registry whose resource has this name. */
  readonly loginServer?: (name: string) => string | undefined;
}

export interface Arm {
  readonly subscriptionId: string;
  readonly access: Access;
  readonly policies: Policies;
  readonly providers: Providers;
  readonly resourceGroups: ResourceGroups;
  readonly virtualNetworks: VirtualNetworks;
  /** Resources of all types that have no store of their own. */
  readonly resources: ResourceStore;
  readonly identities: ManagedIdentities;
  /** Log Analytics workspaces that container groups write to. */
  readonly workspaces: Workspaces;
  /** The groups there are now. */
  containerGroups(): { readonly id: string; readonly name: string; readonly group: ContainerGroup }[];
  /** The group of that name. @throws when there is none, or one in several resource groups. */
  containerGroup(name: string): ContainerGroup;
  readonly profiles: Profiles;
  readonly standbyPools: StandbyPools;
  /** Makes the groups of standby pools, as far as its roles allow: it has none at first. */
  readonly standbyProvider: ServicePrincipal;
  /** Whether a group still waits in a standby pool. */
  waiting(group: { readonly id: string }): boolean;
  /** Lets the service fail as it does of its own: the next creations meet the condition. */
  inject(condition: Condition, options?: ConditionOptions): InjectedCondition;
  /** Takes every injected condition back. */
  clearConditions(): void;
  /** Ends every container. */
  close(): Promise<void>;
}

/** Serves a subscription on the site; nobody has any right in it until `access` says so. */
export function createArm(setting: ArmSetting, options: Partial<ArmOptions> = {}): Arm {
  const { site, entra, engine, registries, authority } = setting;
  const subscriptionId = setting.subscriptionId ?? randomUUID();
  const access = setting.access ?? new Access();
  const nameOf = (appId: string): string | undefined => entra.directory.find(appId)?.displayName;
  const gate = createGate({ site, tokens: entra.tokens, nameOf, access, subscriptionId });
  const resourceGroups = serveResourceGroups(gate, access, subscriptionId);
  const longRunning = new LongRunning(gate, subscriptionId);
  const virtualNetworks = serveVirtualNetworks(gate, subscriptionId, resourceGroups, longRunning);
  const providers = serveProviders(gate, subscriptionId);
  const conditions = new Conditions();
  const identities = new ManagedIdentities(entra.directory);
  const types = [...knownTypes(setting.loginServer ?? (() => undefined)), identities.type];
  const resources = new ResourceStore(types);
  const workspaces = new Workspaces();
  const metadata = new MetadataServices(() => setting.openPlain("imds"), entra);
  const timings = { ...defaultGroupTimings, ...options.timings };
  const { pace } = options;
  const displays = eventDisplays(options.events ?? "recorded", pace?.seed);
  const timingsOf = ({ container }: DeploymentPlan) => ({
    ...timings,
    ...pace?.timings(container.subnetId !== undefined),
  });
  const events = (fate: Fate) => displays(comesUp(fate));
  const store = new ContainerGroupStore({ engine, timings: timingsOf, events }, async (id) => {
    identities.remove(id);
    await metadata.end(id);
  });

  serveSubscriptions(gate, { site, access, subscriptionId, tenantId: entra.tenantId, authority });
  const { permissionsNeedRight = true } = options;
  const quota = { ...defaultQuotaLimits, ...options.quota };
  serveLocations(gate, store, quota);
  serveAuthorization(gate, { access, subscriptionId, directory: entra.directory, permissionsNeedRight });
  const policies = new Policies();
  servePolicies(gate, policies);
  serveResourceList(gate, access, () => [
    ...resources.all(),
    ...profiles
      .all()
      .map(({ id, name, revisions: [{ location, tags }] }) => ({ id, name, type: profileType, location, tags })),
    ...pools.all().map(({ id, name, content: { location, tags } }) => ({ id, name, type: poolType, location, tags })),
    ...virtualNetworks.all().map((each) => ({ ...each, type: "Microsoft.Network/virtualNetworks" })),
    ...store.list().map(({ id, request: { name, location }, tags }) => ({ id, name, type, location, tags })),
  ]);
  serveGenericResources(gate, resourceGroups, resources, types, longRunning);
  const profiles = new Profiles();
  const making: PutSetting = {
    store,
    engine,
    operations: new Operations(site, subscriptionId),
    conditions,
    creations: new RateLimiter(options.creations ?? defaultRateLimit),
    quota,
    restartNonZeroExit: options.restartNonZeroExit ?? true,
    access,
    policies,
    providers,
    resourceGroups,
    virtualNetworks,
    registries,
    identities,
    metadata,
    workspaces,
    tenantId: entra.tenantId,
  };
  // Nobody but Azure itself signs in as a resource provider.
  const standbyProvider = entra.directory.addManagedIdentity("Standby Pool Resource Provider");
  const pools = new StandbyPools((id) => ({
    make: (content) => makeMember(making, profiles, standbyProvider, memberOf(id, content)),
    remove: (member) => store.delete(member),
    pauseMs: options.standbyPauseMs ?? 30_000,
  }));
  const deletions = new RateLimiter(options.deletions ?? defaultRateLimit);
  serveContainerGroups(gate, subscriptionId, { ...making, profiles, pools, deletions, ...(pace && { pace }) });

  serveProfiles(gate, resourceGroups, profiles, pace);
  servePools(gate, { pools, profiles, groups: resourceGroups, providers, ...(pace && { pace }) });

  const containerGroups = () => store.list().map(({ id, request, group }) => ({ id, name: request.name, group }));
  return {
    subscriptionId,
    access,
    policies,
    providers,
    resourceGroups,
    virtualNetworks,
    resources,
    identities,
    workspaces,
    containerGroups,
    containerGroup(name) {
      const [found, another] = containerGroups().filter((each) => each.name === name);
      if (found !== undefined && another === undefined) return found.group;
      throw new Error(`There is ${found === undefined ? "no" : "more than one"} container group ${name}.`);
    },
    inject: (condition, conditionOptions) => conditions.inject(condition, conditionOptions),
    clearConditions: () => conditions.clear(),
    profiles,
    standbyPools: pools,
    standbyProvider,
    waiting: ({ id }) => {
      const stored = store.get(id);
      return stored !== undefined && pools.all().some((pool) => pool.has(stored));
    },
    async close() {
      await pools.close();
      await Promise.all(store.list().map((stored) => store.delete(stored)));
    },
  };
}
