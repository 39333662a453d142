// The jobs that self-hosted pools run: what is queued and how it ended.
import type { JobMessage, JobVariable, TaskResult } from "../../job-execution/job/job-message.ts";

/** A job to be run by a self-hosted pool. */
export interface JobOffer {
  readonly poolName: string;
  readonly planId: string;
  readonly planType: "Build" | "Release";
  /** Project id. */
  readonly scopeId: string;
  readonly jobId: string;
  readonly jobName: string;
  readonly orchestrationId: string;
  readonly definition: { readonly id: number; readonly name: string };
  /** The run: `Build.BuildId` and build number, or `Release.ReleaseId` and release name. */
  readonly owner: { readonly id: number; readonly name: string };
  /** As written: `Name` or `Name -equals Value`, macros already expanded one level. */
  readonly demands: readonly string[];
  /** Makes the message once the request id is known. */
  message(requestId: number): JobMessage;
}

export interface JobOutcome {
  readonly result: TaskResult;
  readonly agentName?: string;
  /** Named `<step>.<variable>`. */
  readonly outputs: Readonly<Record<string, JobVariable>>;
  /** Why, when the service itself ended it ("No agent found in pool …", "We stopped hearing from agent …"). */
  readonly message?: string;
}

export interface QueuedJob {
  readonly requestId: number;
  readonly outcome: Promise<JobOutcome>;
  /** Cancels it: unassigned ends at once, running gets a `JobCancellation` message. */
  cancel(timeoutMs: number): void;
  /** Gives its agent up now, as the service does when nobody has renewed the job for `lockMs`. */
  unheard(): void;
}

/** The self-hosted side of an organization, with the queue rules of facts agent-protocol §5. */
export interface JobQueue {
  /** Refused at once (an outcome `failed` with the service's message) when no registered agent meets the demands. */
  queue(offer: JobOffer): QueuedJob;
}
