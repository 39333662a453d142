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

export interface JobStep {
  readonly id: string;
  /** Reference name (`name:` in YAML), or a generated one; output variables are `<refName>.<variable>`. */
  readonly refName: string;
  readonly displayName: string;
  /** Condition as written in YAML; `succeeded()` when none was. */
  readonly condition: string;
  readonly enabled: boolean;
  readonly continueOnError: boolean;
  readonly timeoutInMinutes: number;
  readonly retryCountOnTaskFailure: number;
  readonly env: Readonly<Record<string, string>>;
  /** `Bash` and `CmdLine` are built in; anything else is a task folder on the worker's machine. */
  readonly task: { readonly name: string; readonly version: string };
  readonly inputs: Readonly<Record<string, string>>;
}

export interface JobMessage {
  readonly messageType: "PipelineAgentJobRequest";
  readonly plan: { readonly planId: string; readonly scopeIdentifier: string; readonly planType: "Build" | "Release" };
  readonly timeline: { readonly id: string };
  readonly jobId: string;
  readonly jobName: string;
  readonly jobDisplayName: string;
  readonly requestId: number;
  readonly variables: Readonly<Record<string, JobVariable>>;
  readonly resources: { readonly endpoints: readonly Endpoint[] };
  readonly steps: readonly JobStep[];
}

/** The `JobCompleted` event of plan version 8 and later; `outputs` is keyed `<refName>.<variable>`. */
export interface JobCompleted {
  readonly name: "JobCompleted";
  readonly jobId: string;
  readonly requestId: number;
  readonly result: TaskResult;
  readonly outputs: Readonly<Record<string, JobVariable>>;
  readonly agentShuttingDown: boolean;
}
