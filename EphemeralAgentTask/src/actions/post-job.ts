// The post-job step: removes the agents that the step's own process could not remove.
import { TaskError } from "../errors/catalog.ts";
import { toTaskError } from "../errors/mapping/error-mapping.ts";
import { findRunAgents } from "../lifecycle/remove/find-run-agents.ts";
import { type Removable, removeAgent } from "../lifecycle/remove/remove-agent.ts";
import { type Ports, unhurriedContext } from "../lifecycle/step/step-context.ts";
import { type LedgerState, openIn } from "../lifecycle/step/write-ahead-ledger.ts";
import { behindForMs } from "../lifecycle/watch/steps-of-this-task.ts";
import type { RunIdentity } from "../plan/owner-marks.ts";

/** After a cancel the agent gives post-job steps five minutes unless the pipeline says otherwise (facts §8.2). */
const busyLimitMs = 4 * 60_000;

/** Turns a failure of the clean-up into the error that the user sees. */
export function cleanUpFailure(error: unknown): TaskError {
  const explained = toTaskError(error);
  if (explained instanceof TaskError) return explained;
  return new TaskError("EA801", explained instanceof Error ? explained.message : String(explained));
}

/**
 * @param run the run of the step: what it made is looked for when the step died before it knew
 * @returns what stays or could not be looked for, and why; empty when everything is gone
 */
export async function finish(ports: Ports, run: RunIdentity, ledger: LedgerState): Promise<TaskError[]> {
  const context = unhurriedContext(ports, ports.clock.now());
  async function removeAll(removable: readonly Removable[]): Promise<TaskError[]> {
    if (removable.length === 0) return [];
    const names = removable.map(({ name }) => name).join(", ");
    ports.task.info(`The step ended before it could clean up. Removing ${names}.`);
    const ends = await Promise.allSettled(removable.map((one) => removeAgent(context, one, busyLimitMs)));
    return ends.flatMap((end) => (end.status === "rejected" ? [cleanUpFailure(end.reason)] : []));
  }

  const known = openIn(ledger);
  const stays = await removeAll(known);
  if (!ledger.everything) return stays;
  try {
    const againMs = await behindForMs(context, run);
    const names = new Set(known.map(({ name }) => name));
    for (let looks = againMs > 0 ? 2 : 1; looks > 0; looks--) {
      const { whole, incomplete } = await findRunAgents(context, run);
      const more = [...whole, ...incomplete].filter(({ name }) => !names.has(name));
      for (const { name } of more) names.add(name);
      stays.push(...(await removeAll(more)));
      if (looks > 1) await context.clock.sleep(againMs);
    }
  } catch (error) {
    stays.push(cleanUpFailure(error));
  }
  return stays;
}
