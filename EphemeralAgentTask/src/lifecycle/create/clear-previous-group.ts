// Makes room for another container group of the same agent, whose first one brought no agent.
import type { AgentView } from "../../ports.ts";
import { deleteGroup } from "../remove/delete-container-group.ts";
import { ownRecord, type Removable, takeOutOfService } from "../remove/remove-agent.ts";
import type { Context } from "../step/step-context.ts";
import { waitUntilVisible } from "../step/wait-until-visible.ts";

/** How long the pool may show a listener whose container is gone: one that is told to end says so, and else it takes minutes. */
const offlineMs = 180_000;

const hasJob = (record: AgentView | undefined): boolean =>
  record?.assignedRequest !== undefined || record?.lastCompletedRequest !== undefined;

/** True when the agent is online or has had a job: then its group must not be deleted. */
const isInUse = (record: AgentView | undefined): boolean => record?.online === true || hasJob(record);

/**
 * True when the agent came although it was given up.
 * @throws `ServiceFault`; `Cancelled`
 */
export const inUse = async (context: Context, agent: Removable): Promise<boolean> =>
  isInUse(await ownRecord(context, agent));

/**
 * Removes the group of an agent that did not come. The record is out of service until the group is gone: an agent that comes
 * between the last look and the deletion gets no job that would be lost with its container.
 * @returns false when the agent came before the deletion took effect: nothing that it needs may be deleted then
 * @throws what `deleteGroup` throws
 */
export async function clearGroup(context: Context, agent: Removable): Promise<boolean> {
  const known = await ownRecord(context, agent);
  let record = known && (await takeOutOfService(context, known.id));
  let came = isInUse(record);
  const stopWhen = (looks: (record: AgentView | undefined) => boolean) => async () => {
    record = await ownRecord(context, agent);
    came = looks(record);
    if (came) throw new Error("the agent came.");
  };
  if (!came) {
    // Azure may show the group for some seconds although it is going: only a job is a reason to look after it then.
    await deleteGroup(context, agent.name, stopWhen(isInUse), stopWhen(hasJob)).catch((error: unknown) => {
      if (!came) throw error;
    });
  }
  if (record === undefined || hasJob(record)) return !came;
  const { id } = record;
  // The listener of a container that is gone would get a job that nobody runs.
  const offline = async () => ((await context.pool.get(id))?.online === true ? undefined : true);
  if (!came) await waitUntilVisible(context, offline, offlineMs);
  await context.pool.enable(id);
  return !came;
}
