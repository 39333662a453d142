// Finds the steps of this task in a run's timeline.
import { type RunIdentity, taskId } from "../identity.ts";
import type { TimelineRecord } from "../ports.ts";
import type { Context } from "./context.ts";
import { unseenMs } from "./sight.ts";

/** The records of this task's steps, in whatever job of the run. */
export const ownSteps = (records: readonly TimelineRecord[]): TimelineRecord[] =>
  records.filter((record) => record.type === "Task" && record.taskId?.toLowerCase() === taskId);

/**
 * True when a step of the run may have made something that lists do not show yet: it runs beside this one, or ended just now.
 * Unknown where the timeline may not be read.
 * @throws `ServiceFault`; `Cancelled`
 */
export async function makesJustNow(context: Context, run: RunIdentity): Promise<boolean> {
  const records = await context.run.timeline();
  if (records === undefined) return true;
  const now = context.clock.date();
  return ownSteps(records).some(({ parentId, state, finishedAt }) => {
    if (state === "completed") return finishedAt === undefined || now - finishedAt < unseenMs;
    return state === "inProgress" && parentId?.toLowerCase() !== run.jobId.toLowerCase();
  });
}
