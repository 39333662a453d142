// Finds what a run made, by owner marks alone: nothing that the creating step printed is needed.
import { madeByRun, marksOf, ofPool, type RunIdentity } from "../identity.ts";
import type { Context } from "./context.ts";
import type { Agent } from "./watch.ts";

export interface Discovery {
  /** With a record and a container group. */
  readonly whole: readonly Agent[];
  /** With only one of the two: nothing can come of them. */
  readonly halves: readonly { readonly name: string; readonly id?: number }[];
}

interface Found {
  readonly name: string;
  readonly id?: number;
  readonly hasGroup: boolean;
  readonly stage: string | undefined;
}

/**
 * Everything of ours that this run made for this pool, in this attempt or an earlier one. When the run's stages each have
 * agents of their own, a step takes those of its own stage and leaves the others to theirs.
 * @throws `ServiceFault`
 */
export async function discover(context: Context, run: RunIdentity): Promise<Discovery> {
  const [records, groups] = await Promise.all([context.pool.list(), context.host.list()]);
  const found = new Map<string, Found>();
  for (const group of groups) {
    if (!madeByRun(run, group.tags) || !ofPool(context.pool.name, group.tags)) continue;
    found.set(group.name, { name: group.name, hasGroup: true, stage: group.tags["EphemeralAgent.Stage"] });
  }
  for (const record of records) {
    const marks = marksOf(record);
    if (!madeByRun(run, marks)) continue;
    const stage = marks["EphemeralAgent.Stage"];
    found.set(record.name, { name: record.name, id: record.id, hasGroup: found.has(record.name), stage });
  }
  const all = [...found.values()];
  const own = all.filter((one) => one.stage === run.stage);
  const chosen = own.length > 0 ? own : all;
  return {
    whole: chosen.flatMap(({ name, id, hasGroup }) => (id !== undefined && hasGroup ? [{ name, id }] : [])),
    halves: chosen
      .filter(({ id, hasGroup }) => id === undefined || !hasGroup)
      .map(({ name, id }) => (id === undefined ? { name } : { name, id })),
  };
}
