import type { JobReporter } from "../devops/timeline.ts";
import type { JobMessage, JobVariable, TaskResult } from "./job-message.ts";

/** The machine a job is carried out on, and the ties to whoever asked for it. */
export interface RunJobOptions {
  /** `_work` of the agent: sources, temp and task state of this job are laid below it. */
  readonly workFolder: string;
  /** Task name to the folder holding its `task.json`. */
  readonly tasks: Readonly<Record<string, string>>;
  /** The node binary that task handlers run on; its major version picks `Node24` or `Node20_1`. */
  readonly nodePath: string;
  readonly reporter: JobReporter;
  /** Aborted when the job is cancelled. `AbortSignal.reason` may say why. */
  readonly signal: AbortSignal;
  /** What the machine's own environment adds to every process, e.g. `NODE_EXTRA_CA_CERTS`. */
  readonly environment: Readonly<Record<string, string>>;
  readonly machineName: string;
  readonly agentName: string;
}

export interface JobRun {
  readonly result: TaskResult;
  /** Output variables, keyed `<refName>.<variable>`. */
  readonly outputs: Readonly<Record<string, JobVariable>>;
}

/**
 * Carries a job out as the agent's worker does: main steps, then the post-job steps in reverse order; reports records
 * and masked log lines as it goes. Never rejects for something a step did: that is a `failed` result.
 */
export async function runJob(_message: JobMessage, _options: RunJobOptions): Promise<JobRun> {
  throw new Error("The worker cannot carry out steps yet.");
}
