// Agents whose container registers them: they have no record until it does.

import { agentFailure } from "../diagnose/agent-failure.ts";
import { diagnose } from "../diagnose/diagnose-agent.ts";
import { earlyWarnings } from "../diagnose/early-warnings.ts";
import { progressHints } from "../diagnose/progress-hints.ts";
import type { Context } from "../step/step-context.ts";
import { unseenMs } from "../step/wait-until-visible.ts";

/**
 * Waits for the record that the container makes.
 * @param onlineMs how long that may take, in milliseconds; 0 means no limit
 * @returns the record's id
 * @throws `TaskError` of the groups 2xx, 4xx and 6xx when the container will not make it
 */
export async function awaitRecord(context: Context, name: string, onlineMs: number): Promise<number> {
  const { clock, pool, host, signal } = context;
  const began = clock.now();
  const peek = earlyWarnings(context, name, progressHints(context, name));
  for (let last = ""; ; ) {
    const [record, group] = await Promise.all([pool.find(name), host.get(name)]);
    if (record) return record.id;
    const unseen = !context.consistency.groupSeen(name) && clock.now() - began < unseenMs;
    const state = group
      ? `container group ${group.provisioningState.toLowerCase()}`
      : unseen
        ? "container group is not shown yet"
        : "container group is gone";
    if (state !== last) context.say(`${name}: ${state}, not registered yet`);
    last = state;
    const ended = group?.container?.state === "Terminated";
    const failed = group?.provisioningState === "Failed";
    const agentState = !(group || unseen)
      ? { kind: "group gone" as const }
      : ended && group
        ? { kind: "ended" as const, group }
        : failed && group
          ? { kind: "failed" as const, group }
          : { kind: "starting" as const, state, running: group?.container?.state === "Running" };
    const watchedMs = clock.now() - began;
    const reading = { agentState, record, group, wasOnline: false, watchedMs, unchangedMs: watchedMs };
    const error = agentFailure(reading, onlineMs);
    if (error) throw await diagnose(context, name, error);
    peek(reading);
    await clock.sleep(1_000, signal);
  }
}
