// The messages between the listener and its worker process.
import type { JobMessage, TaskResult } from "../job-execution/job/job-message.ts";

/** What the listener tells its worker. */
export type ToWorker =
  | {
      readonly kind: "job";
      readonly message: JobMessage;
      readonly agentName: string;
      readonly agentId: number;
      readonly workFolder: string;
      /** True with `--once`: the worker then says that its agent takes no further job. */
      readonly once: boolean;
    }
  /** The job is to be canceled; `shutdown` because the agent ends. */
  | { readonly kind: "cancel" }
  | { readonly kind: "shutdown" };

/** What the worker tells its listener. */
export type FromWorker =
  | { readonly kind: "begun" }
  /** The job has ended; the service knows it from the worker when its plan takes events. */
  | { readonly kind: "completed"; readonly result: TaskResult };
