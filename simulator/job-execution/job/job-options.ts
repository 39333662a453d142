// The machine a job is carried out on, and the ties to whoever asked for it.

import type { JobReporter } from "../../devops/runs/timeline-record.ts";
import type { TaskReference } from "./job-message.ts";

/** The machine a job is carried out on, and the ties to whoever asked for it. */
export interface RunJobOptions {
  /** `_work` of the agent: sources, temp and task state of this job are laid below it. */
  readonly workFolder: string;
  /** Task name to the folder holding its `task.json`. */
  readonly tasks: Readonly<Record<string, string>>;
  /** Lays out in a folder what a task that is not among those consists of. */
  readonly download?: (task: TaskReference, folder: string) => Promise<void>;
  /** The node binary that task handlers run on; its major version picks `Node24` or `Node20_1`. */
  readonly nodePath: string;
  readonly reporter: JobReporter;
  /** Aborted when the job is canceled. */
  readonly signal: AbortSignal;
  /** What the machine's own environment adds to every process, e.g. `NODE_EXTRA_CA_CERTS`. */
  readonly environment: Readonly<Record<string, string>>;
  readonly machineName: string;
  readonly agentName: string;
  readonly agentId?: number;
  /** A Microsoft-hosted machine: only shows in `Agent.IsSelfHosted`. */
  readonly hosted?: boolean;
  /** Wait before a step's next try, in ms; by default as the agent waits: 1, 4, 9 … seconds. */
  readonly retryDelayMs?: (attempt: number) => number;
  /** How long a task that declared itself done may still run, in ms; 5 s by default. */
  readonly doneGraceMs?: number;
  /** Told of every process a step starts. */
  readonly onProcess?: (pid: number) => void;
  /** Every line a node task writes, secrets included: for a test that looks for them. */
  readonly onRawLine?: (line: string) => void;
  /** The exit code of every process a step started. */
  readonly onExit?: (exitCode: number) => void;
}
