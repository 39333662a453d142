// What the creation of a container group depends on.

import type { ContainerEngine } from "../../../containers/container-engine.ts";
import type { Registry } from "../../../registry/registry-site.ts";
import type { Policies } from "../../authorization/azure-policies.ts";
import type { Access } from "../../authorization/permission-check.ts";
import type { VirtualNetworks } from "../../network/virtual-networks.ts";
import type { ManagedIdentities } from "../../resources/managed-identities.ts";
import type { ResourceGroups } from "../../resources/resource-groups.ts";
import type { Providers } from "../../subscription/resource-providers.ts";
import type { RateLimiter } from "../../throttling/create-rate-limit.ts";
import type { Operations } from "../async-operations.ts";
import type { ContainerGroupStore } from "../container-group-store.ts";
import type { Workspaces } from "../log-analytics-workspaces.ts";
import type { MetadataServices } from "../metadata-services.ts";
import type { Conditions } from "./injected-failures.ts";
import type { QuotaLimits } from "./region-quota.ts";

/** What a creation depends on. */
export interface PutSetting {
  readonly store: ContainerGroupStore;
  readonly engine: ContainerEngine;
  readonly operations: Operations;
  readonly conditions: Conditions;
  readonly creations: RateLimiter;
  readonly quota: QuotaLimits;
  /** Whether restart policy `Never` restarts a container once that exited non-zero. */
  readonly restartNonZeroExit: boolean;
  readonly access: Access;
  readonly policies: Policies;
  readonly providers: Providers;
  readonly resourceGroups: ResourceGroups;
  readonly virtualNetworks: VirtualNetworks;
  /** The first holds what no other one does. */
  readonly registries: readonly Registry[];
  readonly identities: ManagedIdentities;
  readonly metadata: MetadataServices;
  readonly workspaces: Workspaces;
  readonly tenantId: string;
}
