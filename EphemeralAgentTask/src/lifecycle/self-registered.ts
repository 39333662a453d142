// An agent whose container registers it: there is no record to read until it does.
import type { Context } from "./context.ts";
import { trouble } from "./trouble.ts";

/**
 * Waits for the record that the container makes.
 * @param onlineMs how long that may take, in milliseconds; 0 means no limit
 * @returns the record's id
 * @throws `TaskError` EA401, EA601 to EA604 when the container will not make it
 */
export async function awaitRecord(context: Context, name: string, onlineMs: number): Promise<number> {
  const { clock, pool, host, signal } = context;
  const began = clock.now();
  for (let last = ""; ; ) {
    const [record, group] = await Promise.all([pool.find(name), host.get(name)]);
    if (record) return record.id;
    const state = group ? `container group ${group.provisioningState.toLowerCase()}` : "container group is gone";
    if (state !== last) context.say(`${name}: ${state}, not registered yet`);
    last = state;
    const ended = group?.container?.state === "Terminated";
    const failed = group?.provisioningState === "Failed";
    const standing = !group
      ? { kind: "group gone" as const }
      : ended
        ? { kind: "ended" as const, group }
        : failed
          ? { kind: "failed" as const, group }
          : { kind: "starting" as const, state };
    const watchedMs = clock.now() - began;
    const error = trouble({ standing, group, wasOnline: false, watchedMs, unchangedMs: watchedMs }, onlineMs);
    if (error) throw error;
    await clock.sleep(1_000, signal);
  }
}
