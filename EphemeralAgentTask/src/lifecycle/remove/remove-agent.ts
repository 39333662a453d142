// Removes an agent: first its record, then its container group, and waits until both are gone.
import { TaskError } from "../../errors/catalog.ts";
import { marksOf, namedAfterOwner, recordIdOf, runOf } from "../../plan/owner-marks.ts";
import { type AgentView, ServiceFault } from "../../ports.ts";
import type { Context } from "../step/step-context.ts";
import { unseenMs, waitUntilVisible } from "../step/wait-until-visible.ts";
import { deleteGroup, leaveKept } from "./delete-container-group.ts";

/** What is known of something to be removed; the record's id is looked up by name when it is not. */
export interface Removable {
  readonly name: string;
  readonly id?: number;
  /** Its container registers it, and the record has none of our marks until the task adds them. */
  readonly registersItself?: boolean;
}

/** How long to wait for a busy agent by default: the service gives up the job of a lost agent after about ten minutes. */
const busyLimitMs = 15 * 60_000;

const goneLimitMs = 180_000;

/**
 * The record of one of our agents by its name; one of the same name that somebody else made is not it. Only a container that
 * was told the name registers one without marks.
 * @throws `ServiceFault`; `Cancelled`
 */
async function findOwn(context: Context, agent: Removable): Promise<AgentView | undefined> {
  const { name, registersItself = false } = agent;
  const record = await context.pool.find(name);
  if (record === undefined) return undefined;
  const marks = marksOf(record);
  if (namedAfterOwner(name, marks) || (registersItself && runOf(marks) === undefined)) return record;
  context.say(`${name}: an agent of this name was created by somebody else, and stays`);
  return undefined;
}

/**
 * The record of one of our agents as the pool shows it now: by its id where that is known, which lists may be behind of, and by
 * its name.
 * @throws `ServiceFault`; `Cancelled`
 */
export async function ownRecord(context: Context, agent: Removable): Promise<AgentView | undefined> {
  const id = agent.id ?? context.consistency.recordId(agent.name) ?? (await taggedId(context, agent.name));
  const record = id === undefined ? undefined : await context.pool.get(id);
  return record ?? findOwn(context, agent);
}

/** The record's ID in the tags of the agent's container group, if any. */
async function taggedId(context: Context, name: string): Promise<number | undefined> {
  return recordIdOf((await context.host.get(name))?.tags ?? {});
}

/**
 * The same, looked for until it would be seen: only then is a record known to be gone.
 * @throws `ServiceFault`; `Cancelled`
 */
export async function settledRecord(context: Context, agent: Removable): Promise<AgentView | undefined> {
  const { name, registersItself } = agent;
  const unseen = context.consistency.recordMayBeUnseen(name, registersItself);
  const record = await waitUntilVisible(context, () => ownRecord(context, agent), unseen ? unseenMs : 0);
  if (record === undefined) context.consistency.recordIsAbsent(name);
  return record;
}

/**
 * Takes a record out of service, so that no job can come to it any more, and looks whether one already has.
 * @returns the record as it is then; undefined when the pool has it no more
 * @throws `ServiceFault`; `Cancelled`
 */
export async function takeOutOfService(context: Context, id: number): Promise<AgentView | undefined> {
  const record = await context.pool.get(id);
  if (!record?.enabled) return record;
  try {
    await context.pool.disable(id);
  } catch (error) {
    // It was removed in the meantime.
    if (!(error instanceof ServiceFault && error.details.status === 404)) throw error;
  }
  return context.pool.get(id);
}

/**
 * Removes the record, and sees that it is gone. A record with a job is never removed, whatever the service would allow.
 * @param limitMs how long to wait while a job is on it
 * @param onRemoved called when the service has said that it is removed, before that is seen
 * @throws `TaskError` EA802 when it stays busy; `ServiceFault`; `Cancelled`
 */
export async function unregister(
  context: Context,
  agent: Removable,
  limitMs: number = busyLimitMs,
  onRemoved: () => void = () => undefined,
): Promise<void> {
  const { clock, pool, say, signal } = context;
  const knownId = agent.id ?? context.consistency.recordId(agent.name);
  let read = knownId === undefined ? undefined : await takeOutOfService(context, knownId);
  const known = read ?? (await settledRecord(context, agent));
  if (known === undefined) {
    if (agent.id !== undefined) say(`${agent.name}: agent was already unregistered`);
    return;
  }
  const { id } = known;
  const began = clock.now();
  let removed = false;
  let told = false;
  for (;;) {
    const record = read ?? (await takeOutOfService(context, id));
    read = undefined;
    const settled = removed || context.consistency.recordSeen(agent.name) || clock.now() - began >= unseenMs;
    if (record === undefined && !settled) {
      await clock.sleep(1_000, signal);
      continue;
    }
    if (record === undefined) {
      say(`${agent.name}: agent ${removed ? "unregistered" : "was already unregistered"}`);
      return;
    }
    const answer = record.assignedRequest ? "busy" : await pool.remove(id);
    if (answer === "removed" && !removed) onRemoved();
    removed ||= answer === "removed";
    if (answer !== "busy") {
      if ((await pool.get(id)) === undefined) {
        if (!removed) continue;
        say(`${agent.name}: agent unregistered`);
        return;
      }
    } else if (!told) say(`${agent.name}: Azure DevOps still counts its job as running; waiting`);
    told ||= answer === "busy";
    const waitedMs = clock.now() - began;
    if (answer === "busy" && waitedMs > limitMs) {
      throw new TaskError("EA802", `agent '${agent.name}' (id ${id}) of pool '${pool.name}' is busy with a job.`);
    }
    if (answer !== "busy" && waitedMs > goneLimitMs) {
      const shows = `Azure DevOps still shows agent '${agent.name}' (id ${id}) of pool '${pool.name}'`;
      throw new TaskError("EA801", `${shows} ${goneLimitMs / 1000} s after its removal.`);
    }
    // A removal without effect is repeated.
    await clock.sleep(removed ? 1_000 : 3_000, signal);
  }
}

/**
 * Unregisters what the container of an agent without a record made before it ended.
 * @param tags of its group, which told whose it is: should a job keep the record, a later clean-up finds it by these
 * @param lookMs how long a record is looked for that may not be shown yet, in milliseconds
 * @throws as `unregister` does
 */
export async function unregisterLate(
  context: Context,
  agent: Removable,
  tags: Readonly<Record<string, string>>,
  limitMs?: number,
  lookMs: number = unseenMs,
): Promise<void> {
  // Its one record is removed already, or it never had a container to make one.
  if (!agent.registersItself || agent.id !== undefined || context.consistency.recordRemoved(agent.name)) return;
  const unseen = context.consistency.groupSeen(agent.name) && !context.consistency.recordSeen(agent.name);
  const found = await waitUntilVisible(context, () => findOwn(context, agent), unseen ? lookMs : 0);
  const record = found && (await takeOutOfService(context, found.id));
  if (record === undefined) return;
  if (record.assignedRequest && runOf(marksOf(record)) === undefined) {
    await context.pool.setCapabilities(record.id, { ...record.capabilities, ...tags });
  }
  await unregister(context, { name: agent.name, id: record.id }, limitMs);
}

/**
 * Removes the record; what comes after it may begin as soon as the service has said that it is removed. That it is gone is
 * seen beside that, and a removal without effect is sent again.
 * @throws what `unregister` throws, before `next` is called or after it has ended; what `next` throws
 */
async function unregisterBefore(
  context: Context,
  agent: Removable,
  limitMs: number,
  next: () => Promise<void>,
): Promise<void> {
  let onRemoved: () => void = () => undefined;
  const removed = new Promise<void>((resolve) => {
    onRemoved = resolve;
  });
  const unregistered = unregister(context, agent, limitMs, onRemoved);
  await Promise.race([unregistered, removed]);
  const ends = await Promise.allSettled([unregistered, next()]);
  for (const end of ends) if (end.status === "rejected") throw end.reason;
}

/**
 * Unregisters an agent and deletes its container group. The group stays when the record could not be removed, so that a
 * later clean-up finds both.
 * @param limitMs how long to wait while the service says that a job runs on it
 * @param onKept called when Azure keeps the group, for a lock or the like: that is no failure of the deployment
 * @throws `TaskError` EA801 or EA802 when something stays; `ServiceFault`; `Cancelled`
 */
export async function removeAgent(
  context: Context,
  agent: Removable,
  limitMs: number = busyLimitMs,
  onKept: (error: TaskError) => void = ({ code, message }) => context.task.warning(code, message),
): Promise<void> {
  const { name, registersItself } = agent;
  if (!registersItself) {
    const kept = (error: unknown) => leaveKept(context, name, error, onKept);
    return unregisterBefore(context, agent, limitMs, () => deleteGroup(context, name).catch(kept));
  }
  const group = await context.host.get(name);
  await unregister(context, agent, limitMs);
  const late = (lookMs: number) => unregisterLate(context, agent, group?.tags ?? {}, limitMs, lookMs);
  // A record without marks is told by its group alone: it goes before the group does, as soon as it is shown.
  await deleteGroup(context, name, () => late(0)).catch((error: unknown) => leaveKept(context, name, error, onKept));
  await late(unseenMs);
}
