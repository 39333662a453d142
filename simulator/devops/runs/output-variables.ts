// The output variables that a job hands to other jobs.
import type { JobVariable } from "../../job-execution/job/job-message.ts";
import type { JobRequest } from "../pools/pool-state.ts";
import type { Runs } from "./runs.ts";

/**
 * What a job hands to other jobs: the variables of its steps' records, named `<step>.<variable>`. The service reads them
 * there and nowhere else; the event that ends a job carries none (facts agent-protocol §12).
 */
export function outputsOf(runs: Runs, { offer }: Pick<JobRequest, "offer">): Record<string, JobVariable> {
  const jobId = offer.jobId.toLowerCase();
  const records = runs.ofPlan(offer.planId)?.timeline.records() ?? [];
  const steps = records.filter(({ parentId }) => parentId?.toLowerCase() === jobId);
  return Object.fromEntries(
    steps.flatMap(({ refName, variables = {} }) =>
      refName === undefined ? [] : Object.entries(variables).map(([name, each]) => [`${refName}.${name}`, each]),
    ),
  );
}
