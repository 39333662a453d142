// How jobs, stages and runs ended.
import type { JobVariable, TaskResult } from "../../job-execution/job/job-message.ts";
import { mergeResults } from "../../job-execution/job/results.ts";

/** How a job ended. */
export interface JobReport {
  readonly result: TaskResult;
  readonly log: readonly string[];
  readonly issues: readonly { readonly type: "error" | "warning"; readonly message: string }[];
  readonly outputs: Readonly<Record<string, JobVariable>>;
  readonly agentName: string | undefined;
}

export interface RunReport {
  readonly result: TaskResult;
  /** By job name, or `stage.job` where two stages have a job of that name. */
  readonly jobs: Readonly<Record<string, JobReport>>;
}

/** What later stages and jobs see of an earlier one. */
export interface Ended {
  readonly result: TaskResult;
  readonly outputs: Readonly<Record<string, JobVariable>>;
}

/** The result of a stage or run out of its parts: failed outweighs canceled, skipped parts do not count. */
export function overallResult(results: readonly TaskResult[], canceled: boolean): TaskResult {
  if (results.some((result) => result === "failed" || result === "abandoned")) return "failed";
  if (canceled || results.includes("canceled")) return "canceled";
  const counted = results.filter((result) => result !== "skipped");
  if (counted.length === 0 && results.length > 0) return "skipped";
  return counted.reduce<TaskResult>(mergeResults, "succeeded");
}
