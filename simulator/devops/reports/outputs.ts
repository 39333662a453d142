import type { JobVariable } from "../../worker/job-message.ts";
import type { TimelineStore } from "../timeline-store.ts";

/**
 * What a job hands to other jobs: the variables of its steps' records, named `<step>.<variable>`. The service reads them
 * there and nowhere else; the event that ends a job carries none (facts agent-protocol §12).
 */
export function outputsOf(timeline: TimelineStore, jobId: string): Record<string, JobVariable> {
  const wanted = jobId.toLowerCase();
  const steps = timeline.records().filter(({ parentId }) => parentId?.toLowerCase() === wanted);
  return Object.fromEntries(
    steps.flatMap(({ refName, variables = {} }) =>
      refName === undefined ? [] : Object.entries(variables).map(([name, each]) => [`${refName}.${name}`, each]),
    ),
  );
}
