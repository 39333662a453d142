// What a job is, as Azure DevOps hands it to an agent: the body of a `PipelineAgentJobRequest` message. The pipeline
// runner writes it, the organization queues it, the worker (on a hosted machine or inside a container) carries it out.

export type TaskResult = "succeeded" | "succeededWithIssues" | "failed" | "canceled" | "skipped" | "abandoned";

export interface JobVariable {
  readonly value: string;
  readonly isSecret?: boolean;
}

/** A service connection, or the job's own `SystemVssConnection` (whose `AccessToken` parameter is the job token). */
export interface Endpoint {
  readonly id: string;
  readonly name: string;
  readonly url: string;
  readonly authorization: { readonly scheme: string; readonly parameters: Readonly<Record<string, string>> };
  readonly data: Readonly<Record<string, string>>;
}

/** Which task a step runs, at its full version: an agent downloads it by id and version. */
export interface TaskReference {
  readonly id: string;
  /** `Bash` and `CmdLine` are built in; anything else is a task of the organization. */
  readonly name: string;
  readonly version: string;
}

export interface JobStep {
  /** The agent passes over whatever is of no type that it knows. */
  readonly type: "task";
  readonly reference: TaskReference;
  readonly id: string;
  /** Reference name (`name:` in YAML), or a generated one; output variables are `<name>.<variable>`. */
  readonly name: string;
  readonly displayName: string;
  /** Condition as written in YAML; `succeeded()` when none was. */
  readonly condition: string;
  readonly enabled: boolean;
  readonly continueOnError: boolean;
  readonly timeoutInMinutes: number;
  readonly retryCountOnTaskFailure: number;
  /** `env:` in YAML. */
  readonly environment: Readonly<Record<string, string>>;
  readonly inputs: Readonly<Record<string, string>>;
}

/** What a run's job belongs to. */
export interface PlanReference {
  readonly planId: string;
  readonly scopeIdentifier: string;
  readonly planType: "Build" | "Release";
  /** From 8 on the worker ends its job by an event of the plan; without one, the listener by its job request. */
  readonly version?: number;
  readonly planGroup?: string;
  readonly artifactUri?: string;
  readonly definition?: object;
  readonly owner?: object;
}

export interface Repository {
  readonly alias: string;
  readonly endpoint: { readonly name: string };
  readonly properties: Readonly<Record<string, unknown>>;
}

export interface JobMessage {
  readonly messageType: "PipelineAgentJobRequest";
  readonly plan: PlanReference;
  readonly timeline: { readonly id: string; readonly changeId?: number; readonly location?: string | null };
  readonly jobId: string;
  readonly jobName: string;
  readonly jobDisplayName: string;
  readonly jobContainer?: null;
  readonly requestId: number;
  readonly lockedUntil?: string;
  readonly variables: Readonly<Record<string, JobVariable>>;
  /** What else must not be shown: values, each as a regular expression. */
  readonly mask?: readonly { readonly type: "regex"; readonly value: string }[];
  readonly workspace?: { readonly clean?: string };
  readonly resources: { readonly endpoints: readonly Endpoint[]; readonly repositories?: readonly Repository[] };
  readonly steps: readonly JobStep[];
}

/** The plan version from which on an event of the plan ends a job (microsoft/azure-pipelines-agent, PlanUtil). */
export const jobCompletedEventFrom = 8;
