// The preparation that `run` and `create` share before they create an agent.

import { TaskError } from "../errors/catalog.ts";
import { type AgentCreation, describePlacement } from "../lifecycle/create/create-agent.ts";
import type { Context } from "../lifecycle/step/step-context.ts";
import type { Ledger } from "../lifecycle/step/write-ahead-ledger.ts";
import { type AgentPlan, planAgent } from "../plan/agent-and-container-group.ts";
import { serversTold } from "../plan/dns-servers.ts";
import { kindMark } from "../plan/owner-marks.ts";
import { standbyPoolName } from "../ports/standby-pool.ts";
import type { CreateSettings } from "../settings/settings.ts";

const letters = "abcdefghijklmnopqrstuvwxyz0123456789";

/** Six letters and digits: with the run's id in front, no two agents share a name. */
function suffix(random: () => number): string {
  return Array.from({ length: 6 }, () => letters[Math.floor(random() * letters.length)]).join("");
}

/** Plans the next agent and writes it down, so that it can be made. */
export function nextPlan(context: Context, settings: CreateSettings, ledger: Ledger): AgentPlan {
  const plan = planAgent(
    settings,
    suffix(() => context.clock.random()),
    context.clock.date(),
  );
  context.consistency.planned(plan.name);
  ledger.opened({ name: plan.name, registersItself: settings.registration === "container" });
  return plan;
}

/** Prints what is about to be created. */
export function announce(context: Context, { settings, placements, agentPackage, standby }: AgentCreation): void {
  const { task, pool } = context;
  const minutes = (ms: number) => `${Math.round(ms / 60_000)} min`;
  task.info(`Agents:          ${settings.agentCount} in pool '${pool.name}' (agent package ${agentPackage.version})`);
  task.info(`Image:           ${settings.image}`);
  task.info(`Resource group:  ${settings.resourceGroupName}`);
  if (standby) task.info(`Standby pool:    ${standbyPoolName(standby)}`);
  for (const [index, placement] of placements.entries()) {
    task.info(`${index === 0 ? "Container group:" : "or, if no room: "} ${describePlacement(placement)}`);
  }
  for (const { subnetId, dnsServers } of placements) {
    if (dnsServers.length > 0 && !settings.container.dns) {
      task.info(
        `DNS:             ${serversTold(dnsServers)}, as the virtual network of subnet ${subnetId?.split("/").at(-1)} has them`,
      );
    }
  }
  if (settings.registration === "container") {
    task.info(
      "Registration:    by the container, which gets the token for that. Registration by the task needs none in it.",
    );
  }
  if (settings.placements.some((one) => one.subnetId === undefined)) {
    task.warning("EA304", new TaskError("EA304", "no subnet is given.").message);
  }
  task.info(`Limits:          ${minutes(settings.idleMs)} without a job, ${minutes(settings.lifetimeMs)} in total`);
  task.info(`Demand it by:    ${settings.demandable ? kindMark : `${kindMark}.Run -equals ${settings.run.runId}`}`);
}
