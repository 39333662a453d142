// Waits for an agent that another step is still creating: its record exists, but its container group does not yet.
import type { RunIdentity } from "../../plan/owner-marks.ts";
import type { IncompleteAgent } from "../remove/find-run-agents.ts";
import { ownRecord } from "../remove/remove-agent.ts";
import { worthWaitingMs } from "../step/retry.ts";
import type { Context } from "../step/step-context.ts";
import { unseenMs } from "../step/wait-until-visible.ts";
import type { Agent } from "./poll-agent.ts";

const pauseMs = 2_000;

/** Whether the job is running; undefined when the timeline cannot be read. */
async function isRunning(context: Context, jobId: string): Promise<boolean | undefined> {
  const records = await context.run.timeline();
  return records?.some(({ id, state }) => id.toLowerCase() === jobId.toLowerCase() && state === "inProgress");
}

/**
 * Looks again, as a list may not show yet what was just made, and waits while the job that began a half may still complete
 * it: its step may have ended, which a timeline does not show.
 * @param run the run of this step, in whose own job nothing else goes on
 * @param limitMs how long at most, in milliseconds
 * @returns the agent, once it has both parts; undefined when nothing more can come of it
 * @throws `ServiceFault`; `Cancelled`
 */
export async function awaitAgentCreation(
  context: Context,
  run: RunIdentity,
  incomplete: IncompleteAgent,
  limitMs: number,
): Promise<Agent | undefined> {
  const { clock, host, say, signal, consistency } = context;
  const { name, makerJobId } = incomplete;
  const began = clock.now();
  for (let told = false; ; ) {
    // The job is read first: what is missing after it has ended stays missing.
    const another = makerJobId !== undefined && makerJobId !== run.jobId;
    const goesOn = another ? await isRunning(context, makerJobId) : false;
    const [record, group] = await Promise.all([ownRecord(context, incomplete), host.get(name)]);
    if (record && group) return { name, id: record.id };
    // What was made at the end of that job is seen by then. A record whose listener was there had its group long ago.
    const settledMs = record && makerJobId === undefined ? 0 : unseenMs;
    // Nobody can say whether it goes on: it does for as long as Azure may put off what it asks for.
    const patienceMs = goesOn ? limitMs : goesOn === undefined ? Math.min(limitMs, worthWaitingMs) : settledMs;
    if (clock.now() - began >= patienceMs) {
      if (record === undefined) consistency.recordIsAbsent(name);
      if (group === undefined) consistency.groupIsAbsent(name);
      return undefined;
    }
    const why = goesOn ? "is still running" : "may still be running: this run's timeline cannot be read";
    if (goesOn !== false && !told) say(`${name}: the job that creates it ${why}; waiting`);
    told ||= goesOn !== false;
    await clock.sleep(pauseMs, signal);
  }
}
