// However an action ends, what it opened is closed: by itself, in a hurry when it is cancelled, or by the post-job step.
import { Cancelled, TaskError } from "../errors.ts";
import { type Context, hurriedContext, type Ports } from "./context.ts";
import type { Ledger } from "./ledger.ts";
import { showLog, tearDownAll } from "./teardown.ts";

/** A job that got in is not waited for longer than this: the post-job step is patient. */
const busyLimitMs = 30_000;

/** In the seconds before the kill: each delete is sent once. A busy agent is left to finish its job. */
async function hurry(ports: Ports, began: number, ledger: Ledger): Promise<void> {
  const context = hurriedContext(ports, began);
  const names = ledger.open;
  if (names.length === 0) return;
  context.say(`canceled: removing ${names.join(", ")}; the post-job step will check`);
  await Promise.allSettled(
    names.map(async (name) => {
      const record = await context.pool.find(name);
      if (record && (await context.pool.remove(record.id)) === "busy") {
        context.say(`${name}: its job is still running; left to the post-job step`);
        return;
      }
      await context.host.remove(name);
      context.say(`${name}: deletes sent`);
    }),
  );
}

/**
 * Runs the body of an action.
 * @throws what the body throws, after the clean-up; `Cancelled` when the step was cancelled
 */
export async function guarded<T>(
  ports: Ports,
  context: Context,
  began: number,
  ledger: Ledger,
  body: () => Promise<T>,
): Promise<T> {
  try {
    return await body();
  } catch (error) {
    if (ports.task.cancelled.aborted) {
      await hurry(ports, began, ledger);
      throw new Cancelled();
    }
    const left = ledger.open;
    try {
      await Promise.all(left.map((name) => showLog(context, name)));
      await tearDownAll(
        context,
        left.map((name) => ({ name })),
        busyLimitMs,
      );
      for (const name of left) ledger.closed(name);
    } catch (second) {
      if (ports.task.cancelled.aborted) await hurry(ports, began, ledger);
      else {
        const reason = second instanceof Error ? second.message : String(second);
        const stays = new TaskError("EA801", `${left.join(", ")} (agent pool '${context.pool.name}'): ${reason}`);
        ports.task.error(stays.code, stays.message);
      }
    }
    throw error;
  }
}
