// Who carries a job out: a Microsoft-hosted machine (this process, in a folder of its own) or an agent of a pool.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { JobOffer, JobQueue } from "../../devops/jobs/job-queue.ts";
import type { JobReporter } from "../../devops/runs/timeline-record.ts";
import type { JobMessage, JobVariable, TaskResult } from "../../job-execution/job/job-message.ts";
import { runJob } from "../../job-execution/run-job.ts";

/** A job on its way. */
export interface CarriedJob {
  readonly outcome: Promise<{
    readonly result: TaskResult;
    readonly outputs: Readonly<Record<string, JobVariable>>;
    readonly agentName?: string | undefined;
    /** Why, when the service ended it. */
    readonly message?: string | undefined;
  }>;
  /** @param timeoutMs how long its `always()` steps and post-job stages may still take. */
  cancel(timeoutMs: number): void;
}

export interface HostedMachine {
  readonly taskFolders: Readonly<Record<string, string>>;
  readonly nodePath: string;
  /** What such a machine has in its environment besides PATH and HOME. */
  readonly environment: Readonly<Record<string, string>>;
  /** Told the id of each step's process as it starts, for whoever wants to kill one. */
  readonly onProcess?: ((pid: number) => void) | undefined;
}

let machines = 0;

// Steps are no part of this process's group, so nothing else ends them when it ends before they do.
const atExit = new Set<() => void>();
process.once("exit", () => {
  for (const killAll of atExit) killAll();
});

/** Carries a job out on a fresh machine outside every private network. */
export function onHostedMachine(message: JobMessage, reporter: JobReporter, machine: HostedMachine): CarriedJob {
  machines += 1;
  const agentName = `Azure Pipelines ${machines}`;
  const home = mkdtempSync(join(tmpdir(), "hosted-"));
  const canceled = new AbortController();
  const running = new Set<number>();
  let timer: NodeJS.Timeout | undefined;
  const killAll = (): void => running.forEach(kill);
  atExit.add(killAll);
  const carried = runJob(message, {
    workFolder: join(home, "work"),
    tasks: machine.taskFolders,
    nodePath: machine.nodePath,
    environment: machine.environment,
    machineName: `fv-az${machines}`,
    agentName,
    agentId: machines,
    hosted: true,
    reporter,
    signal: canceled.signal,
    onProcess: (pid) => {
      // Steps run one after the other, so the last one started is the one that may have to be cut off.
      running.clear();
      running.add(pid);
      machine.onProcess?.(pid);
    },
  });
  const outcome = carried
    .then((run) => ({ ...run, agentName }))
    .catch((error: unknown) => ({
      result: "failed" as const,
      outputs: {},
      agentName,
      message: error instanceof Error ? error.message : String(error),
    }))
    .finally(() => {
      clearTimeout(timer);
      atExit.delete(killAll);
      rmSync(home, { recursive: true, force: true });
    });
  return {
    outcome,
    cancel(timeoutMs) {
      if (canceled.signal.aborted) return;
      canceled.abort();
      timer = setTimeout(killAll, timeoutMs).unref();
    },
  };
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It is gone already.
  }
}

/** Hands a job to whichever agent of a pool meets its demands. */
export function onPool(queue: JobQueue, offer: JobOffer): CarriedJob {
  return queue.queue(offer);
}
