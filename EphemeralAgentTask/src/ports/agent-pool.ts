// One agent pool: its agents and its jobs.

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
  /** Lets no further job come to it. */
  disable(id: number, signal?: AbortSignal): Promise<void>;
  enable(id: number, signal?: AbortSignal): Promise<void>;
  /** `busy`: the service says a job still runs on it. */
  remove(id: number, signal?: AbortSignal): Promise<"removed" | "absent" | "busy">;
  /** Waiting, running and lately finished jobs of the pool. */
  jobRequests(signal?: AbortSignal): Promise<readonly JobRequest[]>;
}
