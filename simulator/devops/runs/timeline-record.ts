// A timeline record, and the interface by which a worker reports what it does.
import type { JobVariable, TaskResult } from "../../job-execution/job/job-message.ts";

/** A timeline record, in the service's own field names (facts: agent-protocol §4.2 and the public build API). */
export interface TimelineRecord {
  readonly id: string;
  readonly parentId: string | null;
  readonly type: "Stage" | "Phase" | "Job" | "Task" | "Checkpoint";
  readonly name: string;
  readonly refName?: string;
  /** Consistent across attempts, e.g. `stage.job.__default`. */
  readonly identifier?: string;
  readonly attempt: number;
  readonly order?: number;
  /** Of the timeline when the record changed last. */
  readonly changeId?: number;
  /** Of a task's record: which task it is. */
  readonly task?: { readonly id: string; readonly name: string; readonly version: string };
  state: "pending" | "inProgress" | "completed";
  result?: TaskResult;
  startTime?: string;
  finishTime?: string;
  workerName?: string;
  percentComplete?: number;
  currentOperation?: string;
  /** Output variables of the step; they may hold secrets, so no view for people shows them. */
  variables?: Readonly<Record<string, JobVariable>>;
  log?: { readonly id: number };
  issues?: { type: "error" | "warning"; message: string; data?: Record<string, string> }[];
}

/** How a worker tells what it does: in process for a hosted machine, over HTTPS from inside a container. */
export interface JobReporter {
  /** Creates or updates a record (merged by id). */
  record(patch: Partial<TimelineRecord> & { id: string }): void;
  /** Adds log lines (secrets already masked) to a record. */
  lines(recordId: string, lines: readonly string[]): void;
  /** A file a task attached to a record, e.g. type `Distributedtask.Core.Summary` (secrets already masked). */
  attach?(
    recordId: string,
    attachment: { readonly type: string; readonly name: string; readonly content: string },
  ): void;
}
