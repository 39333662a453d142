import type { JobMessage } from "../worker/job-message.ts";

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
  /** The job is to be cancelled; `shutdown` because the agent ends. */
  | { readonly kind: "cancel" }
  | { readonly kind: "shutdown" };

/** What the worker tells its listener. */
export type FromWorker =
  | { readonly kind: "begun" }
  /** It has told the service how the job ended. */
  | { readonly kind: "completed"; readonly result: string };
