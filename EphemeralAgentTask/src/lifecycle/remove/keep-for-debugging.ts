// Keeps a failed container group for debugging: unregisters its agent and stops the container. A sweep removes the group
// later.
import { keepUntilMark } from "../../plan/owner-marks.ts";
import type { Context } from "../step/step-context.ts";
import { unseenMs, waitUntilVisible } from "../step/wait-until-visible.ts";
import { type Removable, unregister, unregisterLate } from "./remove-agent.ts";

const keepMs = 24 * 3_600_000;

/**
 * Removes the record, marks the group, and stops it so that it costs nothing.
 * @param limitMs how long to wait while the service says that a job runs on it
 * @throws as `removeAgent` does
 */
export async function keepForDebugging(context: Context, agent: Removable, limitMs?: number): Promise<void> {
  await unregister(context, agent, limitMs);
  const unseen = context.consistency.groupMayBeUnseen(agent.name);
  const group = await waitUntilVisible(context, () => context.host.get(agent.name), unseen ? unseenMs : 0);
  if (group === undefined) return;
  const until = new Date(context.clock.date() + keepMs).toISOString();
  await context.host.tag(agent.name, { ...group.tags, [keepUntilMark]: until });
  await context.host.stop(agent.name);
  await unregisterLate(context, agent, group.tags, limitMs);
  context.say(`${agent.name}: container group stopped and kept for debugging until ${until}: ${group.id}`);
}
