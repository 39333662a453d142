import type { LineRecord } from "./report/record.ts";
import type { AzureIdentity, RegistryAccess } from "./settings.ts";
import type { StandbyClaim, StandbyPoolView } from "./standby-pool.ts";

// The five things the core talks to. Adapters implement them over the SDKs and task-lib; tests over memory.

/** Time as the core sees it. A virtual one drives the tests. */
export interface Clock {
  /** Milliseconds by a clock that nobody sets and that never goes back: for waits and limits. Its zero means nothing. */
  now(): number;
  /**
   * The services' time in milliseconds since the epoch, whatever this machine takes it for: for what another machine wrote
   * down or will read.
   */
  date(): number;
  /** Resolves after `ms` milliseconds, or rejects with the signal's reason when that aborts first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** Calls `action` after `ms` milliseconds, unless the returned function is called before. */
  after(ms: number, action: () => void): () => void;
  /** A number in [0, 1), for jitter. */
  random(): number;
}

/**
 * What stands behind a fault. Only a `refusal` is the service's own word, so only a `refusal` can say that something is not
 * there; the others are about the way to it.
 */
export type FaultKind =
  /** The service itself refused or failed, in an answer that was understood. */
  | "refusal"
  /** A sign-in page, or a redirect to one: the credential was not taken. */
  | "signIn"
  /** No answer: unreachable, cut off, or not in time. */
  | "silence"
  /** The host showed a certificate that this machine does not trust. */
  | "certificate"
  /** The proxy did not let the request through. */
  | "proxy"
  /** Something answered that the service does not answer: a page, half a body, another content type or shape. */
  | "foreign";

export interface FaultDetails {
  /** `refusal` when left out. */
  readonly kind?: FaultKind;
  readonly status?: number;
  /** Host that was asked, with its port when that is not the usual one. */
  readonly host?: string;
  /** The same request may succeed when sent again. */
  readonly retryable?: boolean;
  /** It seldom does: worth a second try and a third, not a minute. */
  readonly seldomPasses?: boolean;
  /** The request may have been carried out although its answer did not arrive, or said nothing. */
  readonly ambiguous?: boolean;
  /** Milliseconds the service asked to wait, however long. */
  readonly retryAfterMs?: number;
  /** Whom the connection signs in as, when signing in is what failed. */
  readonly identity?: AzureIdentity["kind"];
  /** Where a container group was to go, when that is what was refused. */
  readonly place?: { readonly subnetId?: string; readonly location?: string };
  /** Address of the page on which the missing right is given. */
  readonly page?: string;
  /** The policies that refused a request. */
  readonly policies?: readonly PolicyViolation[];
}

/** A policy that refused a request, by its names for people. */
export interface PolicyViolation {
  readonly policy: string;
  readonly assignment: string;
  readonly assignmentId: string;
  /** Where it is assigned; empty when the service did not say. */
  readonly scope: string;
  /** What it looked at: `tags[costCenter] exists false`, `location 'westeurope' notIn northeurope`. */
  readonly rules: readonly {
    readonly field: string;
    readonly operator: string;
    readonly value?: string;
    readonly wanted: string;
  }[];
}

/** The same fault with more behind it; anything else as it is. */
export const withDetails = (error: unknown, more: FaultDetails): unknown =>
  error instanceof ServiceFault
    ? new ServiceFault(error.service, error.code, error.message, { ...error.details, ...more })
    : error;

/** What a service answered when it did not do what was asked. Adapters throw nothing else for a failed request. */
export class ServiceFault extends Error {
  override readonly name = "ServiceFault";
  constructor(
    readonly service: "Azure" | "Azure DevOps" | "Microsoft Entra ID",
    /**
     * The service's own error code or type key, e.g. `SubnetMissingRequiredDelegation`. Where none came: the network's, e.g.
     * `ECONNRESET` or `SELF_SIGNED_CERT_IN_CHAIN`, or `NoAnswer`, `SignInPage`, `ProxyRefused`, `NotUnderstood`.
     */
    readonly code: string,
    message: string,
    readonly details: FaultDetails = {},
  ) {
    super(message);
  }

  get kind(): FaultKind {
    return this.details.kind ?? "refusal";
  }
}

// ── Azure ────────────────────────────────────────────────────────────────────────────────────────────────────────────

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
export type ContainerGroupSummary = Pick<ContainerGroupView, "id" | "name" | "tags" | "provisioningState">;

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

// ── Azure DevOps ─────────────────────────────────────────────────────────────────────────────────────────────────────

export type JobResult = "succeeded" | "succeededWithIssues" | "failed" | "canceled" | "skipped" | "abandoned";

/** A job waiting for, assigned to, or finished on an agent of the pool (facts agent-protocol §4.1). */
export interface JobRequest {
  readonly requestId: number;
  readonly jobId: string;
  /** Empty when nothing tells it. */
  readonly jobName: string;
  readonly planId: string;
  readonly planType: string;
  /** Project id. */
  readonly scopeId: string;
  /** `Build.BuildId` or `Release.ReleaseId` of the run that owns the job. */
  readonly ownerId: string;
  readonly ownerName: string;
  /** Agent the service reserved for it. */
  readonly agentId?: number;
  /** Agents that could take it; absent when the service did not say. */
  readonly matchedAgentIds?: readonly number[];
  /** `Name` or `Name -equals Value`, as the job has them, and what the service adds; absent when it did not say. */
  readonly demands?: readonly string[];
  /** The service's own note beside the request. */
  readonly statusMessage?: string;
  readonly lockedUntil?: string;
  /** When it was queued, given to an agent, and done, as the service tells: milliseconds since the epoch. */
  readonly queuedAt?: number;
  readonly assignedAt?: number;
  readonly finishedAt?: number;
  readonly finished: boolean;
  readonly result?: JobResult;
}

export interface AgentView {
  readonly id: number;
  readonly name: string;
  readonly online: boolean;
  readonly enabled: boolean;
  /** User capabilities. */
  readonly capabilities: Readonly<Record<string, string>>;
  /** As registered; the listener's session replaces them with its own. */
  readonly systemCapabilities: Readonly<Record<string, string>>;
  readonly assignedRequest?: JobRequest;
  readonly lastCompletedRequest?: JobRequest;
}

export interface AgentDefinition {
  readonly name: string;
  readonly version: string;
  readonly systemCapabilities: Readonly<Record<string, string>>;
  /** Where jobs work: relative to the agent's folder, or absolute. */
  readonly workFolder: string;
}

/** A record in the pool and the files that make a listener this agent. The files hold its private key. */
export interface RegisteredAgent {
  readonly id: number;
  readonly name: string;
  readonly files: Readonly<Record<"agent.json" | "credentials.json" | "rsaparams.json", string>>;
}

export interface AgentPackage {
  readonly version: string;
  readonly url: string;
  readonly filename: string;
  readonly sha256: string;
}

/** One agent pool. Every method throws `ServiceFault`, and gives up when its signal aborts. */
export interface AgentPool {
  readonly id: number;
  readonly name: string;
  agentPackage(signal?: AbortSignal): Promise<AgentPackage>;
  /** Makes a key pair and a record for it. */
  register(definition: AgentDefinition, signal?: AbortSignal): Promise<RegisteredAgent>;
  /** Gives an existing record of ours a new key: its first answer, with the address to get tokens at, was lost. */
  registerAgain(id: number, definition: AgentDefinition, signal?: AbortSignal): Promise<RegisteredAgent>;
  /** Gets a token as the agent will, so that a bad credential is found before a container is paid for. */
  tryCredential(agent: RegisteredAgent, signal?: AbortSignal): Promise<void>;
  setCapabilities(id: number, capabilities: Readonly<Record<string, string>>, signal?: AbortSignal): Promise<void>;
  get(id: number, signal?: AbortSignal): Promise<AgentView | undefined>;
  find(name: string, signal?: AbortSignal): Promise<AgentView | undefined>;
  list(signal?: AbortSignal): Promise<readonly AgentView[]>;
  disable(id: number, signal?: AbortSignal): Promise<void>;
  /** `busy`: the service says a job still runs on it. */
  remove(id: number, signal?: AbortSignal): Promise<"removed" | "absent" | "busy">;
  /** Waiting, running and lately finished jobs of the pool. */
  jobRequests(signal?: AbortSignal): Promise<readonly JobRequest[]>;
}

/** A record of the run's timeline. */
export interface TimelineRecord {
  readonly id: string;
  readonly parentId?: string;
  /** `Stage`, `Phase`, `Job`, `Task`, `Checkpoint`, `Checkpoint.Approval`, … */
  readonly type: string;
  readonly name: string;
  readonly state: "pending" | "inProgress" | "completed";
  readonly result?: JobResult;
  readonly workerName?: string;
  /** What went wrong in it, as the run's page shows it: errors only. */
  readonly errors?: readonly string[];
  /** Of a record of type `Task`: id of the task in its task.json. */
  readonly taskId?: string;
  /** Milliseconds since the epoch. */
  readonly finishedAt?: number;
}

/** The run this step belongs to. */
export interface PipelineRun {
  /**
   * The run's records: none when the service does not know the run, undefined when they may not be read. Throws
   * `ServiceFault` on transient failures.
   */
  timeline(signal?: AbortSignal): Promise<readonly TimelineRecord[] | undefined>;
  /** Whether another run of the project is over; undefined when that cannot be known. Throws `ServiceFault`. */
  isOver(runId: string, signal?: AbortSignal): Promise<boolean | undefined>;
}

// ── The agent machine this task runs on ──────────────────────────────────────────────────────────────────────────────

/** How a line of the log stands out: a good end, something to look at, something that has to be fixed. */
export type LineColor = "good" | "warning" | "wrong";

export interface TaskHost {
  /** Aborted when the step is cancelled or times out. */
  readonly cancelled: AbortSignal;
  info(line: string, color?: LineColor): void;
  warning(code: string, message: string): void;
  error(code: string, message: string): void;
  /** Lines of a sweep or a check, for the run's summary. */
  summarize(lines: readonly LineRecord[]): void;
  /** For the run's summary: an agent is about to be made in place of an earlier one. @param earlier name of that one */
  replaces(name: string, earlier: string): void;
  /** Text from outside, shown collapsed and never read as commands. */
  externalGroup(title: string, text: string): void;
  progress(percent: number, what: string): void;
  output(name: string, value: string): void;
  /** Kept for the post-job step of this task instance, even when this process is killed afterwards. */
  saveState(state: string): void;
}
