// Runs a job as the agent's worker does.
import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { TimelineRecord } from "../devops/runs/timeline-record.ts";
import type { JobMessage, JobVariable, TaskResult } from "./job/job-message.ts";
import type { RunJobOptions } from "./job/job-options.ts";
import { beginJob, type JobState, setJobResult } from "./job/job-state.ts";
import { killLeftovers } from "./job/orphaned-processes.ts";
import { runStep } from "./steps/run-step.ts";
import { type PlannedStep, planSteps } from "./steps/step-order.ts";

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
