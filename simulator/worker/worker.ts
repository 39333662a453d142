import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { JobReporter, TimelineRecord } from "../devops/timeline.ts";
import type { JobMessage, JobVariable, TaskReference, TaskResult } from "./job-message.ts";
import { beginJob, type JobState, setJobResult } from "./job-state.ts";
import { killLeftovers } from "./leftover-processes.ts";
import { type PlannedStep, planSteps } from "./planned-steps.ts";
import { runStep } from "./run-step.ts";

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
  /** Aborted when the job is cancelled. */
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

export interface JobRun {
  readonly result: TaskResult;
  /** Output variables, keyed `<refName>.<variable>`. */
  readonly outputs: Readonly<Record<string, JobVariable>>;
}

function emptyFolder(folder: string): void {
  for (const entry of readdirSync(folder)) rmSync(join(folder, entry), { recursive: true, force: true });
}

/** The steps, or undefined when a task is missing: then nothing runs and the job fails with that as its issue. */
async function plan(job: JobState, report: (patch: Partial<TimelineRecord>) => void): Promise<PlannedStep[]> {
  try {
    return await planSteps(job);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    job.options.reporter.lines(job.message.jobId, [`##[error]${message}`]);
    report({ issues: [{ type: "error", message }] });
    setJobResult(job, "failed");
    return [];
  }
}

/**
 * Carries a job out as the agent's worker does: main steps, then the post-job steps in reverse order; reports records
 * and masked log lines as it goes. What a step does wrong is a `failed` result.
 * @throws only when this machine cannot run jobs at all: no such node, a work folder that cannot be written.
 */
export async function runJob(message: JobMessage, options: RunJobOptions): Promise<JobRun> {
  const job = beginJob(message, options);
  const report = (patch: Partial<TimelineRecord>): void => options.reporter.record({ ...patch, id: message.jobId });
  emptyFolder(job.tempFolder);
  report({
    type: "Job",
    name: message.jobDisplayName,
    state: "inProgress",
    startTime: new Date().toISOString(),
    workerName: options.agentName,
  });
  try {
    for (const planned of await plan(job, report)) await runStep(job, planned);
  } finally {
    killLeftovers(job.lookupId);
    emptyFolder(job.tempFolder);
  }
  if (options.signal.aborted) setJobResult(job, "canceled");
  const result = job.result ?? "succeeded";
  report({ state: "completed", result, finishTime: new Date().toISOString() });
  return { result, outputs: job.outputs };
}
