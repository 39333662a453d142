// Removes leftovers. Each is checked twice: by its marks, and by a fresh read just before it is deleted.
import type { TaskError } from "../../errors/catalog.ts";
import type { RunIdentity } from "../../plan/owner-marks.ts";
import { ServiceFault } from "../../ports.ts";
import type { Context } from "../step/step-context.ts";
import { jobDescription } from "../watch/job-description.ts";
import { type Found, findOurs, judge } from "./find-leftovers.ts";
import { removeAgent, settledRecord, takeOutOfService, unregister } from "./remove-agent.ts";

interface SweepOptions {
  readonly run: RunIdentity;
  /** Milliseconds that the expiry must lie back. 0 takes what belongs to runs that are over as well. */
  readonly minimumAgeMs: number;
  /** Only list what would be removed. */
  readonly dryRun: boolean;
}

export interface Swept {
  readonly name: string;
  /** `record`, `container group` or both. */
  readonly what: string;
  readonly end: "removed" | "kept" | "failed" | "would be removed";
  readonly why: string;
  /** Kept only because the state of its run could not be read. */
  readonly unknown?: true;
  /** Kept because Azure keeps its container group, for a lock or the like. */
  readonly kept?: TaskError;
}

/**
 * The second judgement: taken out of service first, so that no job can come between the look and the removal.
 * @returns its record, if there is one, and why it must stay, or undefined when it is idle
 */
async function stillNeeded(context: Context, found: Found): Promise<{ record: boolean; why: string | undefined }> {
  const { name, recordId, registersItself } = found;
  const named = { name, registersItself, ...(recordId === undefined ? {} : { id: recordId }) };
  // A busy agent is only read: the step that created it may still rely on it.
  const now = await settledRecord(context, named);
  const record = now === undefined || now.assignedRequest ? now : await takeOutOfService(context, now.id);
  const why = record?.assignedRequest ? `busy with ${jobDescription(record.assignedRequest)}` : undefined;
  return { record: record !== undefined, why };
}

/** A sweep does not wait for a busy agent: the next sweep removes it. */
const busyLimitMs = 0;

/**
 * One failure does not keep the others.
 * @returns one row for each agent of ours, in the order of their names
 * @throws `ServiceFault` when the lists cannot be read; `Cancelled`
 */
export async function sweep(context: Context, options: SweepOptions): Promise<Swept[]> {
  const found = await findOurs(context, options.run);
  const runs = new Map<string, Promise<boolean | undefined>>();
  const isOver = (runId: string) => {
    const known = runs.get(runId) ?? readable(context.run.isOver(runId));
    runs.set(runId, known);
    return known;
  };

  /** A run whose state cannot be read may still be running: its agents stay, and that is reported. */
  async function readable(state: Promise<boolean | undefined>): Promise<boolean | undefined> {
    try {
      return await state;
    } catch (error) {
      if (!(error instanceof ServiceFault) || context.signal.aborted) throw error;
      context.say(`the state of a run could not be read: ${error.message}`);
      return undefined;
    }
  }

  async function one(agent: Found): Promise<Swept> {
    let { hasRecord } = agent;
    const row = (end: Swept["end"], why: string): Swept => {
      const what = [...(hasRecord ? ["record"] : []), ...(agent.hasGroup ? ["container group"] : [])].join(" and ");
      return { name: agent.name, what, end, why };
    };
    try {
      const verdict = await judge(agent, options.run, context.clock.date(), options.minimumAgeMs, isOver);
      if (!verdict.leftover) return { ...row("kept", verdict.why), ...(verdict.unknown ? { unknown: true } : {}) };
      if (options.dryRun) return row("would be removed", verdict.why);
      const needed = await stillNeeded(context, agent);
      hasRecord = needed.record;
      if (needed.why) return row("kept", needed.why);
      const { name, recordId, registersItself } = agent;
      const goes = { name, registersItself, ...(recordId === undefined ? {} : { id: recordId }) };
      let kept: TaskError | undefined;
      if (agent.elsewhere) await unregister(context, goes, busyLimitMs);
      else await removeAgent(context, goes, busyLimitMs, (error) => (kept = error));
      return kept ? { ...row("kept", "Azure keeps its container group"), kept } : row("removed", verdict.why);
    } catch (error) {
      if (context.signal.aborted) throw error;
      return row("failed", error instanceof Error ? error.message : String(error));
    }
  }

  const rows = await Promise.all(found.map(one));
  return rows.sort((a, b) => a.name.localeCompare(b.name));
}

/** Sweeps before other work: prints only what it removed, and fails only when the step is canceled. */
async function sweepQuietly(context: Context, run: RunIdentity): Promise<void> {
  try {
    const rows = await sweep(context, { run, minimumAgeMs: 0, dryRun: false });
    for (const { name, what, end, why } of rows) {
      if (end === "removed" || end === "failed") context.say(`leftover ${name} (${what}): ${end}, ${why}`);
    }
    const unknown = rows.filter((row) => row.unknown).length;
    if (unknown > 0) context.say(`${unknown} agents of other runs stay: the state of those runs could not be read`);
  } catch (error) {
    if (context.signal.aborted) throw error;
    context.say(`could not look for leftovers: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Milliseconds that a failure waits for a sweep in progress. */
const farewellMs = 5_000;

/**
 * Tidies up while `run` and `create` make their agents. The process ends with the step, and a sweep that is cut off would
 * leave one half of an agent: so the end of it is waited for, but not for long when there is a failure to be told.
 * @throws what the body throws; `Cancelled`
 */
export async function sweepBeside<T>(context: Context, run: RunIdentity, body: () => Promise<T>): Promise<T> {
  const tidy = sweepQuietly(context, run);
  tidy.catch(() => undefined);
  try {
    const result = await body();
    await tidy;
    return result;
  } catch (error) {
    await Promise.race([tidy, context.clock.sleep(farewellMs, context.signal)]).catch(() => undefined);
    throw error;
  }
}
