// Cleans up however an action ends: after a failure, in the seconds after a cancel, or in the post-job step.
import { Cancelled, TaskError } from "../../errors/catalog.ts";
import { showLog } from "../diagnose/container-log.ts";
import { keepForDebugging } from "../remove/keep-for-debugging.ts";
import { ownRecord, type Removable, removeAgent, takeOutOfService } from "../remove/remove-agent.ts";
import { type Context, hurriedContext, type Ports } from "./step-context.ts";
import type { Ledger } from "./write-ahead-ledger.ts";

/** How long to wait for a job that is still running. The post-job step waits longer. */
const busyLimitMs = 30_000;

/** How long to wait for answers to requests that were sent just before a cancel: their results cannot be found by a read yet. */
const answerMs = 2_000;

const namesOf = (agents: readonly Removable[]) => agents.map(({ name }) => name).join(", ");

/** In the seconds before the kill: each delete is sent once. A busy agent is left to finish its job. */
async function hurry({ ports, context: cancelled, began, ledger }: CleanupScope): Promise<void> {
  const context = hurriedContext(ports, began, cancelled.consistency);
  const agents = ledger.open;
  if (agents.length === 0) return;
  context.say(`canceled: removing ${namesOf(agents)}; the post-job step verifies that`);
  await Promise.race([cancelled.consistency.answered(), context.clock.sleep(answerMs)]);
  await Promise.allSettled(
    agents.map(async (agent) => {
      const { name, registersItself } = agent;
      const found = await ownRecord(context, agent);
      // A record that is not visible yet may already have a job.
      if (found === undefined && !registersItself && context.consistency.recordMayBeUnseen(name)) {
        context.say(`${name}: Azure DevOps does not show its record; left to the post-job step`);
        return;
      }
      const record = found && (await takeOutOfService(context, found.id));
      if (record?.assignedRequest || (record && (await context.pool.remove(record.id)) === "busy")) {
        context.say(`${name}: its job is still running; left to the post-job step`);
        return;
      }
      await context.host.remove(name);
      context.say(`${name}: deletion requested`);
    }),
  );
}

interface CleanupScope {
  readonly ports: Ports;
  readonly context: Context;
  /** When the step began, by the clock. */
  readonly began: number;
  readonly ledger: Ledger;
  /** Failed container groups stay for debugging. */
  readonly keepOnError?: boolean;
}

/** Removes what the body left open after a failure, in parallel. The body's own failure is the one that is reported. */
async function close(guard: CleanupScope): Promise<void> {
  const { ports, context, ledger, keepOnError = false } = guard;
  const dispose = keepOnError ? keepForDebugging : removeAgent;
  const ends = await Promise.allSettled(
    ledger.open.map(async (agent) => {
      await showLog(context, agent.name);
      await dispose(context, agent, busyLimitMs);
      ledger.closed(agent.name);
    }),
  );
  if (ports.task.cancelled.aborted) return hurry(guard);
  for (const end of ends) {
    if (end.status === "fulfilled") continue;
    const reason = end.reason instanceof Error ? end.reason.message : String(end.reason);
    const stays = new TaskError("EA801", `${namesOf(ledger.open)} (agent pool '${context.pool.name}'): ${reason}`);
    ports.task.error(stays.code, stays.message);
  }
}

/**
 * Runs the body of an action.
 * @throws what the body throws, after the clean-up; `Cancelled` when the step was canceled
 */
export async function withCleanup<T>(guard: CleanupScope, body: () => Promise<T>): Promise<T> {
  try {
    return await body();
  } catch (error) {
    if (!guard.ports.task.cancelled.aborted) await close(guard);
    else {
      await hurry(guard);
      throw new Cancelled();
    }
    throw error;
  }
}
