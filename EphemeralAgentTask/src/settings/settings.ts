// The task's settings, typed and valid: what the rest of the code may rely on. `settings/parse-settings.ts` makes them.

import type { RunIdentity } from "../plan/owner-marks.ts";
import type { AzureConnection, DevOpsConnection, RegistryAccess } from "../ports/connections.ts";

/** How the agent reaches the organization through a proxy. */
export interface AgentProxy {
  readonly url: string;
  readonly username?: string;
  readonly password?: string;
  /** Hosts that are reached directly, as `no_proxy` has them. */
  readonly bypass?: string;
}

export type VolumeSetting =
  | { readonly kind: "emptyDir"; readonly mountPath: string }
  | {
      readonly kind: "azureFile";
      readonly mountPath: string;
      readonly share: string;
      readonly account: string;
      readonly key: string;
      readonly readOnly: boolean;
    };

/** What the container has besides the agent. */
export interface ContainerSettings {
  readonly environment: Readonly<Record<string, string>>;
  readonly secretEnvironment: Readonly<Record<string, string>>;
  /** Resource ids of user-assigned identities for the job's own use. */
  readonly identityIds: readonly string[];
  readonly volumes: readonly VolumeSetting[];
  /** Absolute path of the agent's work folder; the agent's own place when undefined. */
  readonly workFolder?: string;
  readonly logAnalytics?: { readonly workspaceId: string; readonly workspaceKey: string };
  readonly tags: Readonly<Record<string, string>>;
  readonly dns?: { readonly servers: readonly string[]; readonly search?: string };
  readonly proxy?: AgentProxy;
  /** PEM certificates that the agent trusts besides the image's. */
  readonly caBundle?: string;
}

/** Prices of Azure Container Instances. */
export interface Prices {
  readonly currency: string;
  /** For an hour of one vCPU. */
  readonly vcpuHour: number;
  /** For an hour of one GB of memory. */
  readonly gbHour: number;
  /** The day they are of, `YYYY-MM-DD`; empty when nobody said. */
  readonly of: string;
}

/** Settings of every action: where the agents are. */
export interface CommonSettings {
  readonly azure: AzureConnection;
  readonly devops: DevOpsConnection;
  readonly run: RunIdentity;
  readonly resourceGroupName: string;
  readonly agentPool: string;
  /** Milliseconds an agent may take to come online. 0: `create` does not wait, the others set no limit. */
  readonly onlineMs: number;
  /** Milliseconds an agent may wait for its job. */
  readonly idleMs: number;
  /** Milliseconds an agent may exist. */
  readonly lifetimeMs: number;
  /** What containers cost, for the estimate in the summary; list prices when undefined. */
  readonly prices?: Prices;
}

/** Where a container group goes and how big it is. */
export interface Placement {
  /** Region, when the user names one. */
  readonly location?: string;
  readonly subnetId?: string;
  readonly cpu: number;
  readonly memoryInGB: number;
}

/** Settings for creating agents. */
export interface CreateSettings extends CommonSettings {
  readonly agentPrefix: string;
  readonly agentCount: number;
  readonly capabilities: Readonly<Record<string, string>>;
  readonly image: string;
  readonly registry?: RegistryAccess;
  readonly osType: "Linux" | "Windows";
  /** Who makes the record: this task, or the container with a token of its own. */
  readonly registration: "task" | "container";
  /** The container deletes its own group in the end, as one of its identities. */
  readonly selfDestruct: boolean;
  readonly container: ContainerSettings;
  /** Where and how big: the first, and then the fallbacks for when Azure has no room. */
  readonly placements: readonly [Placement, ...Placement[]];
  /** Resource id of a standby pool to take agents from while it has some. */
  readonly standbyPoolId?: string;
  readonly keepOnError: boolean;
  /** Jobs may ask for the agent by `EphemeralAgent` alone: beside `run`, where the run's own mark comes too late. */
  readonly demandable: boolean;
}

/** Settings of a check: those for creating an agent, and some more. */
export interface CheckSettings extends CreateSettings {
  /** The pipeline has a job beside `run`, which needs a placeholder. */
  readonly besideRun: boolean;
  /** Add a placeholder where there is none. */
  readonly addPlaceholder: boolean;
}

/** Settings of a sweep. */
export interface SweepSettings extends CommonSettings {
  /** Milliseconds that must have passed since the expiry. */
  readonly minimumAgeMs: number;
  readonly dryRun: boolean;
}

export type Settings =
  | ({ readonly action: "run" } & CreateSettings)
  | ({ readonly action: "create" } & CreateSettings)
  | ({ readonly action: "remove" } & CommonSettings)
  | ({ readonly action: "sweep" } & SweepSettings)
  | ({ readonly action: "check" } & CheckSettings);
