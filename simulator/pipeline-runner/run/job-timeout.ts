// Cancels a job at its time limit.
import type { Run } from "../../devops/runs/runs.ts";

/**
 * Watches over a job's `timeoutInMinutes`. It counts from the moment a machine took the job: waiting in the queue is
 * free (facts agent-protocol §5).
 * @param minutes 0 for no limit.
 * @param onTooLong gets what the service then says of the job.
 * @returns how to stop watching.
 */
export function limitTime(run: Run, jobId: string, minutes: number, onTooLong: (problem: string) => void): () => void {
  let timer: NodeJS.Timeout | undefined;
  const count = (agentName: string): void => {
    if (timer !== undefined || minutes === 0) return;
    const problem = `The job running on agent ${agentName} ran longer than the maximum time of ${minutes} minutes.`;
    timer = setTimeout(() => onTooLong(problem), minutes * 60_000).unref();
  };
  const already = run.timeline.find(jobId);
  if (already?.state === "inProgress") count(already.workerName ?? "");
  const stopListening = run.onChange((change) => {
    if (change.kind === "record" && change.record.id === jobId && change.record.state === "inProgress")
      count(change.record.workerName ?? "");
  });
  return () => {
    clearTimeout(timer);
    stopListening();
  };
}
