// The container groups of one resource group, and what they look like.

import type { RegistryAccess } from "./connections.ts";
import type { StandbyClaim, StandbyPoolView } from "./standby-pool.ts";

export interface GroupEvent {
  readonly name: string;
  readonly message: string;
  readonly type: string;
  readonly count: number;
  readonly lastTimestamp: string;
}

/** The group's one container, from its instance view. */
export interface ContainerState {
  /** `Running`, `Waiting`, `Terminated`. */
  readonly state: string;
  readonly exitCode?: number;
  readonly detailStatus?: string;
  /** Milliseconds since the epoch; missing for a container that never ran, or whose group was stopped. */
  readonly startedAt?: number;
  readonly restartCount: number;
  /** How it ended before Azure started it again. */
  readonly previousExitCode?: number;
}

/** How many container groups may still be created, as the answer to a create tells. */
export interface CreateAllowance {
  readonly in5Minutes?: number;
  readonly inHour?: number;
}

export interface ContainerGroupView {
  readonly id: string;
  readonly name: string;
  readonly tags: Readonly<Record<string, string>>;
  /** `Pending`, `Creating`, `Succeeded`, `Failed`, …: depend on the last two only (facts aci-azure-sdk §3.4). */
  readonly provisioningState: string;
  readonly container?: ContainerState;
  readonly events: readonly GroupEvent[];
  /** Of the answer to a create only. */
  readonly allowance?: CreateAllowance;
  /** Where it is and how big, for the summary. */
  readonly place?: Pick<ContainerGroupDefinition, "location" | "image" | "cpu" | "memoryInGB" | "subnetId">;
}

/** What a list shows: no instance view (facts aci-azure-sdk §2.2). */
type ContainerGroupSummary = Pick<ContainerGroupView, "id" | "name" | "tags" | "provisioningState">;

export type RegistryCredential =
  | { readonly server: string; readonly username: string; readonly password: string }
  | { readonly server: string; readonly identityId: string };

export type ContainerVolume = { readonly name: string; readonly mountPath: string } & (
  | { readonly kind: "secret"; readonly files: Record<string, string> }
  | { readonly kind: "emptyDir" }
  | {
      readonly kind: "azureFile";
      readonly share: string;
      readonly account: string;
      readonly key: string;
      readonly readOnly: boolean;
    }
);

/** What a subnet's virtual network, or without one the resource group, decides. */
export interface NetworkView {
  readonly location: string;
  /** The virtual network's own DNS servers; container instances do not inherit them (facts aci-azure-sdk §3.1). */
  readonly dnsServers: readonly string[];
}

export interface ContainerGroupDefinition {
  readonly name: string;
  readonly location: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly osType: "Linux" | "Windows";
  readonly image: string;
  /** The image's own when undefined. */
  readonly command?: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly secretEnvironment: Readonly<Record<string, string>>;
  readonly identityIds: readonly string[];
  readonly dns?: { readonly servers: readonly string[]; readonly search?: string };
  readonly logAnalytics?: { readonly workspaceId: string; readonly workspaceKey: string };
  readonly cpu: number;
  readonly memoryInGB: number;
  readonly subnetId?: string;
  readonly registry?: RegistryCredential;
  readonly volumes: readonly ContainerVolume[];
  /** The group comes out of a standby pool: everything else here is what its profile makes it. */
  readonly standby?: StandbyClaim;
}

/** The container groups of one resource group. Every method throws `ServiceFault`, and gives up when its signal aborts. */
export interface ContainerHost {
  readonly resourceGroupId: string;
  /** Reads the subnet's virtual network, or the resource group when there is no subnet. */
  network(subnetId: string | undefined, signal?: AbortSignal): Promise<NetworkView>;
  /** Turns the access to a registry into what a group is given: exchanges a token where needed. */
  pullCredential(access: RegistryAccess, signal?: AbortSignal): Promise<RegistryCredential>;
  /** Reads a standby pool and its profile. */
  standbyPool(id: string, signal?: AbortSignal): Promise<StandbyPoolView>;
  create(definition: ContainerGroupDefinition, signal?: AbortSignal): Promise<ContainerGroupView>;
  get(name: string, signal?: AbortSignal): Promise<ContainerGroupView | undefined>;
  list(signal?: AbortSignal): Promise<readonly ContainerGroupSummary[]>;
  remove(name: string, signal?: AbortSignal): Promise<"removed" | "absent">;
  /** Ends the container but leaves the group to be looked at: billing stops. */
  stop(name: string, signal?: AbortSignal): Promise<void>;
  /** Replaces the group's tags. */
  tag(name: string, tags: Readonly<Record<string, string>>, signal?: AbortSignal): Promise<void>;
  /** The end of the container's log; empty when there is none (any more). */
  log(name: string, lines: number, signal?: AbortSignal): Promise<string>;
}
