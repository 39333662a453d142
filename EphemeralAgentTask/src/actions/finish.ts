// What the post-job step does: removes what the step's own process wrote down and could not remove.
import { TaskError } from "../errors.ts";
import { type Ports, unhurriedContext } from "../lifecycle/context.ts";
import { explainFault } from "../lifecycle/explain.ts";
import { tearDown } from "../lifecycle/teardown.ts";

/** After a cancel the agent gives post-job steps five minutes unless the pipeline says otherwise (facts §8.2). */
const busyLimitMs = 4 * 60_000;

/** A failure of the clean-up as the user is told it. */
export function cleanUpFailure(error: unknown): TaskError {
  const explained = explainFault(error);
  if (explained instanceof TaskError) return explained;
  return new TaskError("EA801", explained instanceof Error ? explained.message : String(explained));
}

/**
 * @param names agents that the ledger has open
 * @returns what stays, and why; empty when everything is gone
 */
export async function finish(ports: Ports, names: readonly string[]): Promise<TaskError[]> {
  const context = unhurriedContext(ports, ports.clock.now());
  ports.task.info(`The step ended before it could clean up. Removing ${names.join(", ")}.`);
  const ends = await Promise.allSettled(names.map((name) => tearDown(context, { name }, busyLimitMs)));
  return ends.flatMap((end) => (end.status === "rejected" ? [cleanUpFailure(end.reason)] : []));
}
