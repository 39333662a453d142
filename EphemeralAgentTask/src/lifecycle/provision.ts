// From a plan to a container group that starts: register first, so that a job may be queued while the container boots.
import { TaskError } from "../errors.ts";
import { type AgentPlan, agentDefinition, containerGroup } from "../plan.ts";
import type { AgentPackage } from "../ports.ts";
import type { CreateSettings } from "../settings.ts";
import type { Context } from "./context.ts";
import type { Agent } from "./watch.ts";

/** What all agents of one step share. */
export interface Provisioning {
  readonly settings: CreateSettings;
  readonly agentPackage: AgentPackage;
  readonly location: string;
  readonly entrypoint: string;
}

export interface ProvisionedAgent extends Agent {
  readonly groupId: string;
}

/** Reads what all agents share, before anything is made. @throws `ServiceFault` */
export async function prepare(context: Context, settings: CreateSettings, entrypoint: string): Promise<Provisioning> {
  const [agentPackage, location] = await Promise.all([
    context.pool.agentPackage(),
    settings.location ?? context.host.location(),
  ]);
  return { settings, agentPackage, location, entrypoint };
}

/**
 * Registers an agent and asks for its container group.
 * @throws `ServiceFault`; `TaskError` EA505 or EA506 when the record cannot be used
 */
export async function provision(context: Context, shared: Provisioning, plan: AgentPlan): Promise<ProvisionedAgent> {
  const { pool, host, say } = context;
  const definition = agentDefinition(plan, shared.agentPackage);
  const agent = await pool.register(definition);
  say(`${plan.name}: registered in pool '${pool.name}' as agent ${agent.id}`);
  try {
    await pool.tryCredential(agent);
  } catch (error) {
    if (context.signal.aborted) throw error;
    throw new TaskError("EA505", error instanceof Error ? error.message : String(error));
  }
  await pool.setCapabilities(agent.id, plan.capabilities);
  // The service may ignore what it does not like, and an agent without its marks could never be found again.
  const kept = (await pool.get(agent.id))?.capabilities ?? {};
  const missing = Object.keys(plan.capabilities).filter((name) => kept[name] !== plan.capabilities[name]);
  if (missing.length > 0) throw new TaskError("EA506", `missing on agent '${plan.name}': ${missing.join(", ")}`);
  const group = await host.create(containerGroup({ ...shared, plan, agent, poolName: pool.name }));
  say(`${plan.name}: container group requested (${group.id})`);
  return { name: plan.name, id: agent.id, groupId: group.id };
}
