// The task's settings, typed and valid: what the rest of the code may rely on. `settings/parse.ts` makes them.

import type { RunIdentity } from "./identity.ts";
import type { RegistryCredential } from "./ports.ts";

/** How to reach Azure: everything comes from the service connection. */
export interface AzureConnection {
  readonly scheme: "ServicePrincipalSecret";
  readonly clientId: string;
  readonly clientSecret: string;
  readonly tenantId: string;
  readonly subscriptionId: string;
  /** Azure Resource Manager's address, without a trailing slash. */
  readonly armUrl: string;
  /** Where tokens come from, without a trailing slash. */
  readonly authorityUrl: string;
  /** Resource whose `/.default` is asked for. */
  readonly audience: string;
  /** False for the public clouds, whose authority the identity library knows. */
  readonly customAuthority: boolean;
}

export interface DevOpsConnection {
  /** The organization, with a trailing slash. */
  readonly url: string;
  readonly token: string;
  /** A job token goes as a bearer token, a personal access token as basic authentication. */
  readonly kind: "jobToken" | "personalAccessToken";
  /** The job's own token: it may always read the run it belongs to. */
  readonly jobToken: string;
}

/** What every action needs: where our agents are. */
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
}

/** Where a container group goes and how big it is. */
export interface Placement {
  /** Region, when the user names one. */
  readonly location?: string;
  readonly subnetId?: string;
  readonly cpu: number;
  readonly memoryInGB: number;
}

/** What making an agent needs. */
export interface CreateSettings extends CommonSettings {
  readonly agentPrefix: string;
  readonly agentCount: number;
  readonly capabilities: Readonly<Record<string, string>>;
  readonly image: string;
  readonly registry?: RegistryCredential;
  /** Where and how big: the first, and then the fallbacks for when Azure has no room. */
  readonly placements: readonly [Placement, ...Placement[]];
  readonly keepOnError: boolean;
  /** Jobs may ask for the agent by `EphemeralAgent` alone: beside `run`, where the run's own mark comes too late. */
  readonly demandable: boolean;
}

/** What a sweep needs. */
export interface SweepSettings extends CommonSettings {
  /** Milliseconds that an expiry must lie back. */
  readonly minimumAgeMs: number;
  readonly dryRun: boolean;
}

export type Settings =
  | ({ readonly action: "run" } & CreateSettings)
  | ({ readonly action: "create" } & CreateSettings)
  | ({ readonly action: "remove" } & CommonSettings)
  | ({ readonly action: "sweep" } & SweepSettings);
