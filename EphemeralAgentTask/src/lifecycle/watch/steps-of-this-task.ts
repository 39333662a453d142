// Finds the steps of this task in a run's timeline.
import { type RunIdentity, taskId } from "../../plan/owner-marks.ts";
import type { TimelineRecord } from "../../ports.ts";
import type { Context } from "../step/step-context.ts";
import { unseenMs } from "../step/wait-until-visible.ts";

/** The records of this task's steps, in whatever job of the run. */
export const ownSteps = (records: readonly TimelineRecord[]): TimelineRecord[] =>
  records.filter((record) => record.type === "Task" && record.taskId?.toLowerCase() === taskId);

/**
 * How long lists may still not show what a step of the run has made: one that runs beside this one, or that ended just now.
 * How long before its end such a step made something, nobody knows: it may have been its last request.
 * @returns milliseconds; 0 when lists show everything. All the time where the timeline may not be read
 * @throws `ServiceFault`; `Cancelled`
 */
export async function behindForMs(context: Context, run: RunIdentity): Promise<number> {
  const records = await context.run.timeline();
  if (records === undefined) return unseenMs;
  const now = context.clock.date();
  const each = ownSteps(records).map(({ parentId, state, finishedAt = now }) => {
    if (state === "completed") return Math.min(unseenMs, unseenMs - (now - finishedAt));
    return state === "inProgress" && parentId?.toLowerCase() !== run.jobId.toLowerCase() ? unseenMs : 0;
  });
  return Math.max(0, ...each);
}
