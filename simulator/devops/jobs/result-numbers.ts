// The results of jobs and steps, and the numbers that stand for them.
import type { TaskResult } from "../../job-execution/job/job-message.ts";

/** What a job or a step can end with; the index is the number that stands for it on the wire. */
export const taskResults: readonly TaskResult[] = [
  "succeeded",
  "succeededWithIssues",
  "failed",
  "canceled",
  "skipped",
  "abandoned",
];
