// Makes agents for the jobs that follow, and hands them over.
import { type Context, type Ports, patientContext } from "../lifecycle/context.ts";
import { diagnose } from "../lifecycle/diagnosis/diagnose.ts";
import { hinting } from "../lifecycle/diagnosis/hint.ts";
import { peeking } from "../lifecycle/diagnosis/peek.ts";
import { guarded } from "../lifecycle/guard.ts";
import { ledgerOf } from "../lifecycle/ledger.ts";
import { type ProvisionedAgent, prepare, provision } from "../lifecycle/provision.ts";
import { sweepBeside } from "../lifecycle/sweep.ts";
import { trouble } from "../lifecycle/trouble.ts";
import { watch } from "../lifecycle/watch.ts";
import type { CreateSettings } from "../settings.ts";
import { announce, nextPlan } from "./make.ts";
import { type Outcome, succeeded } from "./outcome.ts";
import { allOrFirstFailure } from "./together.ts";

const listening = new Set(["online", "assigned", "finished"]);

/** Waits until the listener is there. @throws `TaskError` of the groups 2xx, 4xx and 6xx */
async function online(context: Context, agent: ProvisionedAgent, onlineMs: number): Promise<void> {
  const peek = peeking(context, agent.name, hinting(context, agent.name));
  await watch(context, agent, async (reading) => {
    const error = trouble(reading, onlineMs);
    if (error) throw await diagnose(context, agent.name, error);
    peek(reading);
    return listening.has(reading.standing.kind) ? true : undefined;
  });
}

/** Sets the step's output variables, as comma lists when there are several agents. */
export function outputAgents(ports: Ports, agents: readonly ProvisionedAgent[]): void {
  const names = agents.map((agent) => agent.name).join(",");
  const groups = agents.map((agent) => agent.groupId).join(",");
  ports.task.output("agentName", names);
  ports.task.output("agentId", agents.map((agent) => agent.id).join(","));
  ports.task.output("containerGroupName", names);
  ports.task.output("containerGroupId", groups);
  // The predecessor's names for the same things.
  ports.task.output("ImageNameOutput", names);
  ports.task.output("ImageIdOutput", groups);
}

/**
 * @param entrypoint text of `agent-image/entrypoint.sh`
 * @throws `TaskError`; `Cancelled`. Then nothing it made is left, or the post-job step removes it
 */
export async function create(ports: Ports, settings: CreateSettings, entrypoint: string): Promise<Outcome> {
  const began = ports.clock.now();
  const context = patientContext(ports, began);
  const ledger = ledgerOf(ports.task);
  return guarded({ ports, context, began, ledger, keepOnError: settings.keepOnError }, async () => {
    const made = await sweepBeside(context, settings.run, async () => {
      const shared = await prepare(context, settings, entrypoint);
      announce(context, shared);
      ports.task.progress(10, "creating");
      return allOrFirstFailure(
        Array.from({ length: settings.agentCount }, () =>
          provision(context, shared, nextPlan(context, settings, ledger), async (agent) => {
            if (settings.onlineMs > 0) await online(context, agent, settings.onlineMs);
            return agent;
          }),
        ),
      );
    });
    outputAgents(ports, made);
    for (const agent of made) ledger.closed(agent.name);
    ports.task.progress(100, settings.onlineMs > 0 ? "online" : "created");
    return succeeded;
  });
}
