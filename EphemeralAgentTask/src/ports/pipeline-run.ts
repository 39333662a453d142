// The run that this step belongs to, and its timeline.

import type { JobResult } from "./agent-pool.ts";

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
