// Removes what this run made, once it has served its job or can no longer get one. Needs no outputs of `create`.
import { type Ports, patientContext } from "../lifecycle/context.ts";
import { demandOf } from "../lifecycle/demand.ts";
import { discover } from "../lifecycle/discover.ts";
import { follow } from "../lifecycle/follow.ts";
import { guarded } from "../lifecycle/guard.ts";
import { ledgerOf } from "../lifecycle/ledger.ts";
import { tearDown } from "../lifecycle/teardown.ts";
import type { CommonSettings } from "../settings.ts";
import { type Outcome, succeeded } from "./outcome.ts";
import { allOrFirstFailure } from "./together.ts";

/** @throws `TaskError`; `ServiceFault`; `Cancelled` */
export async function remove(ports: Ports, settings: CommonSettings): Promise<Outcome> {
  const began = ports.clock.now();
  const context = patientContext(ports, began);
  const ledger = ledgerOf(ports.task);
  ledger.searching();
  const { whole, halves } = await discover(context, settings.run);
  const names = [...whole, ...halves].map((one) => one.name);
  ledger.found(names);
  if (names.length === 0) {
    ports.task.info(
      `Nothing of run ${settings.run.runId} is left in pool '${context.pool.name}' and resource group '${settings.resourceGroupName}'.`,
    );
    return succeeded;
  }
  ports.task.info(`Removing once their job is done: ${names.join(", ")}`);
  return guarded({ ports, context, began, ledger }, async () => {
    const demand = demandOf(context, settings.run);
    const options = {
      run: settings.run,
      demand,
      wanted: undefined,
      onlineMs: settings.onlineMs,
      idleMs: settings.idleMs,
    };
    const lives = whole.map(async (agent) => {
      const ending = await follow(context, agent, options);
      ledger.closed(agent.name);
      return ending;
    });
    const removals = halves.map(async (half) => {
      await tearDown(context, half);
      ledger.closed(half.name);
    });
    const [endings] = await Promise.all([allOrFirstFailure(lives), allOrFirstFailure(removals)]);
    const broken = endings.filter((ending) => ending.kind === "broken");
    if (broken.length > 0) return { result: "failed", message: broken.map((ending) => ending.error.code).join(", ") };
    if (endings.some((ending) => ending.kind === "unneeded")) context.say("no job of this run can come any more");
    return succeeded;
  });
}
