// What the creation of a container group depends on.

import type { ContainerEngine } from "../../containers/engine.ts";
import type { Registry } from "../../registry/registry.ts";
import type { Access } from "../authorization/access.ts";
import type { Policies } from "../authorization/policies.ts";
import type { ManagedIdentities } from "../managed-identities.ts";
import type { Providers } from "../providers.ts";
import type { RateLimiter } from "../rate-limit.ts";
import type { ResourceGroups } from "../resource-groups.ts";
import type { VirtualNetworks } from "../virtual-networks.ts";
import type { Conditions } from "./conditions.ts";
import type { Workspaces } from "./diagnostics/workspaces.ts";
import type { MetadataServices } from "./metadata.ts";
import type { Operations } from "./operations.ts";
import type { QuotaLimits } from "./quota.ts";
import type { ContainerGroupStore } from "./store.ts";

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
