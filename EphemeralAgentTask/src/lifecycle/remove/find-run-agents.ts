// Finds the agents of a run by their owner marks alone: no output of the step that created them is needed.
import {
  jobOf,
  keepUntilOf,
  madeByRun,
  makerOfGroup,
  makerOfRecord,
  marksOf,
  ofPool,
  ofResourceGroup,
  ofStage,
  type RunIdentity,
  recordIdOf,
  registersItself,
  stageOf,
} from "../../plan/owner-marks.ts";
import type { Context } from "../step/step-context.ts";
import { ancestors } from "../watch/job-forecast.ts";
import type { Agent } from "../watch/poll-agent.ts";

/** An agent of which only the record or only the container group exists. */
export interface IncompleteAgent {
  readonly name: string;
  /** Of the record, when that is what there is, or when the group names it. */
  readonly id?: number;
  /** Id of the job that may be about to make the rest. */
  readonly makerJobId: string | undefined;
  /** The container of the group registers it. */
  readonly registersItself: boolean;
}

interface RunAgents {
  /** An agent with both a record and a container group. */
  readonly whole: readonly Agent[];
  readonly incomplete: readonly IncompleteAgent[];
}

interface Found extends IncompleteAgent {
  /** True when the list of records shows it. */
  readonly listed: boolean;
  readonly hasGroup: boolean;
  readonly stage: string | undefined;
  /** Of the job that made it, or began to. */
  readonly jobId: string | undefined;
}

/**
 * A step whose stage has no agents (any more) takes those of the others, except of one that goes on: it will do that itself,
 * and may still need them.
 */
async function ofNoStageGoingOn(context: Context, all: readonly Found[]): Promise<readonly Found[]> {
  const records = (all.length > 0 && (await context.run.timeline())) || [];
  return all.filter(({ name, jobId = "" }) => {
    const job = records.find(({ id }) => id.toLowerCase() === jobId.toLowerCase());
    const around = ancestors(records, job?.id ?? "");
    const stage = records.find(({ id, type, state }) => around.has(id) && type === "Stage" && state === "inProgress");
    if (stage) context.say(`${name}: stays: stage '${stage.name}' is still running`);
    return stage === undefined;
  });
}

/**
 * Everything of ours that this run made for this pool in this resource group, in this attempt or an earlier one. When the
 * run's stages each have agents of their own, a step takes those of its own stage and leaves the others to theirs. What is
 * kept for debugging stays until its time.
 * @throws `ServiceFault`
 */
export async function findRunAgents(context: Context, run: RunIdentity): Promise<RunAgents> {
  const [records, groups] = await Promise.all([context.pool.list(), context.host.list()]);
  const found = new Map<string, Found>();
  for (const group of groups) {
    if (!madeByRun(run, group.tags) || !ofPool(context.pool.name, group.tags)) continue;
    const { name, tags } = group;
    const keepUntil = keepUntilOf(tags) ?? 0;
    if (keepUntil > context.clock.date()) {
      context.say(`${name}: kept for debugging until ${new Date(keepUntil).toISOString()}`);
      continue;
    }
    const maker = { makerJobId: makerOfGroup(tags), registersItself: registersItself(tags) };
    const id = recordIdOf(tags);
    const named = { name, ...(id === undefined ? {} : { id }) };
    found.set(name, { ...named, listed: false, hasGroup: true, stage: stageOf(tags), jobId: jobOf(tags), ...maker });
  }
  for (const record of records) {
    const marks = marksOf(record);
    if (!madeByRun(run, marks) || !ofResourceGroup(context.host.resourceGroupId, marks)) continue;
    const { name, id } = record;
    const hasGroup = found.has(name);
    const maker = { makerJobId: makerOfRecord(record), registersItself: false };
    found.set(name, { name, id, listed: true, hasGroup, stage: stageOf(marks), jobId: jobOf(marks), ...maker });
  }
  const all = [...found.values()];
  const own = all.filter((one) => ofStage(run.stage, one.stage));
  const chosen = own.length > 0 ? own : await ofNoStageGoingOn(context, all);
  return {
    whole: chosen.flatMap(({ name, id, listed, hasGroup }) =>
      id !== undefined && listed && hasGroup ? [{ name, id }] : [],
    ),
    incomplete: chosen.filter(({ listed, hasGroup }) => !listed || !hasGroup),
  };
}
