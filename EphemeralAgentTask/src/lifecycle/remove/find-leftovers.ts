// Lists the agents that this task created, and decides by owner marks and runs which of them are leftovers.
import {
  marksOf,
  type Owner,
  ofPool,
  ofResourceGroup,
  ofStage,
  ownerOf,
  type RunIdentity,
  recordIdOf,
  registersItself,
} from "../../plan/owner-marks.ts";
import type { Context } from "../step/step-context.ts";

/** A record, a group, or both, of one agent. */
export interface Found {
  readonly name: string;
  readonly owner: Owner;
  /** As the record or the group's tags say. */
  readonly recordId: number | undefined;
  /** True when the list of records, which may be some seconds old, shows it. */
  readonly hasRecord: boolean;
  readonly hasGroup: boolean;
  /** The container of the group registers it. */
  readonly registersItself: boolean;
  /** Id of the resource group that its container group is in, when that is not the one looked through. */
  readonly elsewhere: string | undefined;
}

type Verdict =
  | { readonly leftover: true; readonly why: string }
  /** `unknown`: the state of the run could not be read, so it may be a leftover all the same. */
  | { readonly leftover: false; readonly why: string; readonly unknown?: true };

/**
 * One list of groups, one of records. Anything without our marks, of another organization, project or pool, is not seen.
 * @throws `ServiceFault`
 */
export async function findOurs(context: Context, run: RunIdentity): Promise<Found[]> {
  // Records first: an agent made in between is then seen as a group with a record to come, and its run is not over.
  const records = await context.pool.list();
  const groups = await context.host.list();
  const found = new Map<string, Found>();
  for (const record of records) {
    const marks = marksOf(record);
    const owner = ownerOf(run, marks);
    if (owner === undefined) continue;
    const elsewhere = ofResourceGroup(context.host.resourceGroupId, marks) ? undefined : owner.resourceGroupId;
    const { name, id: recordId } = record;
    const one = { name, owner, recordId, hasRecord: true, hasGroup: false, registersItself: false, elsewhere };
    found.set(name, one);
  }
  for (const group of groups) {
    const owner = ownerOf(run, group.tags);
    if (owner === undefined || !ofPool(context.pool.name, group.tags)) continue;
    const { name, tags } = group;
    // The list of records may be some seconds old.
    const recordId = found.get(name)?.recordId ?? recordIdOf(tags);
    const hasRecord = found.has(name);
    const self = registersItself(tags);
    found.set(name, { name, owner, recordId, hasRecord, hasGroup: true, registersItself: self, elsewhere: undefined });
  }
  return [...found.values()];
}

const minutes = (ms: number) => `${Math.round(ms / 60_000)} min`;

/**
 * The first judgement. It needs no more than the marks when the expiry has passed.
 * @param isOver whether a run is over, asked only when the marks alone do not decide
 * @param minimumAgeMs how long ago the expiry must have passed
 */
export async function judge(
  found: Found,
  run: RunIdentity,
  now: number,
  minimumAgeMs: number,
  isOver: (runId: string) => Promise<boolean | undefined>,
): Promise<Verdict> {
  const { owner } = found;
  if (owner.keepUntil !== undefined && owner.keepUntil > now) {
    return { leftover: false, why: `kept for debugging until ${new Date(owner.keepUntil).toISOString()}` };
  }
  const expiredMs = now - owner.expires;
  if (expiredMs >= minimumAgeMs && expiredMs >= 0) return { leftover: true, why: `expired ${minutes(expiredMs)} ago` };
  if (expiredMs >= 0) return { leftover: false, why: `expired only ${minutes(expiredMs)} ago` };
  if (minimumAgeMs > 0) return { leftover: false, why: `expires in ${minutes(-expiredMs)}` };
  // Without its record, the group would stay until its own resource group is swept.
  if (found.elsewhere) return { leftover: false, why: `its container group is in ${found.elsewhere}` };
  if (owner.runId === run.runId) {
    const earlier = ofStage(run.stage, owner.stage) && owner.attempt < Number(run.attempt);
    return earlier
      ? { leftover: true, why: `made by attempt ${owner.attempt} of this stage` }
      : { leftover: false, why: "made by this run" };
  }
  const over = await isOver(owner.runId);
  if (over) return { leftover: true, why: `run ${owner.runId} has finished` };
  if (over === false) return { leftover: false, why: `run ${owner.runId} is still running` };
  return { leftover: false, why: `expires in ${minutes(-expiredMs)}`, unknown: true };
}
