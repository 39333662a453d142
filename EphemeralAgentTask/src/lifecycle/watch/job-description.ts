// How jobs are named in messages.
import type { JobRequest } from "../../ports.ts";

type Named = Pick<JobRequest, "jobName" | "ownerName" | "ownerId">;

/** `job 'Deploy'`; of a job whose name nothing tells, the run it belongs to. */
export function jobDescription(request: Named): string {
  return request.jobName === "" ? jobOfRun(request) : `job '${request.jobName}'`;
}

/** `job 'Deploy' of this run`, or `a job of this run`. */
export const jobOfThisRun = ({ jobName }: Named): string =>
  `${jobName === "" ? "a job" : `job '${jobName}'`} of this run`;

/** `job 'Deploy' of 20190101.1`, or `a job of run 20190101.1`. */
export function jobOfRun({ jobName, ownerName, ownerId }: Named): string {
  const run = ownerName || ownerId;
  return jobName === "" ? `a job of run ${run}` : `job '${jobName}' of ${run}`;
}
