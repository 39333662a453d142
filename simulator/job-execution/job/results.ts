// Compares and merges results.
import type { TaskResult } from "./job-message.ts";

/** From best to worst, as the service numbers them. */
const ORDER: readonly TaskResult[] = ["succeeded", "succeededWithIssues", "failed", "canceled", "skipped", "abandoned"];

/** The worse of two results; one beyond `failed` is final. */
export function mergeResults(current: TaskResult | undefined, coming: TaskResult): TaskResult {
  if (current === undefined) return coming;
  if (ORDER.indexOf(current) > ORDER.indexOf("failed")) return current;
  return ORDER.indexOf(coming) >= ORDER.indexOf(current) ? coming : current;
}

/** As `agent.jobstatus` and `task.complete` write it: `SucceededWithIssues`. */
export function resultName(result: TaskResult): string {
  return result.charAt(0).toUpperCase() + result.slice(1);
}

/** A result by the name `task.complete` gave, exactly as .NET would read it; undefined for anything else. */
export function resultNamed(name: string): TaskResult | undefined {
  return ORDER.find((result) => resultName(result) === name);
}
