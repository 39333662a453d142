// Keeps a failed container group for debugging: unregisters its agent and stops the container. A sweep removes the group
// later.
import { keepUntilMark } from "../identity.ts";
import type { Context } from "./context.ts";
import { unseenMs, untilSeen } from "./sight.ts";
import { type Removable, unregister, unregisterLate } from "./teardown.ts";

const keepMs = 24 * 3_600_000;

/**
 * Removes the record, marks the group, and stops it so that it costs nothing.
 * @param limitMs how long to wait while the service says that a job runs on it
 * @throws as `tearDown` does
 */
export async function keepForDebugging(context: Context, agent: Removable, limitMs?: number): Promise<void> {
  await unregister(context, agent, limitMs);
  const unseen = context.traces.groupMayBeUnseen(agent.name);
  const group = await untilSeen(context, () => context.host.get(agent.name), unseen ? unseenMs : 0);
  if (group === undefined) return;
  const until = new Date(context.clock.date() + keepMs).toISOString();
  await context.host.tag(agent.name, { ...group.tags, [keepUntilMark]: until });
  await context.host.stop(agent.name);
  await unregisterLate(context, agent, group.tags, limitMs);
  context.say(`${agent.name}: container group stopped and kept for debugging until ${until}: ${group.id}`);
}
