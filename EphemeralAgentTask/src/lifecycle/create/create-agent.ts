// Creates an agent: registers it first, so that a job may be queued while the container boots, and creates its container
// group.
import { TaskError } from "../../errors/catalog.ts";
import { toTaskError, withoutWayIn } from "../../errors/mapping/error-mapping.ts";
import {
  type AgentPlan,
  agentDefinition,
  containerGroup,
  type LocatedPlacement,
} from "../../plan/agent-and-container-group.ts";
import { sameRegion } from "../../plan/region-name.ts";
import { type StandbyPoolView, standbyPoolName } from "../../ports/standby-pool.ts";
import {
  type AgentPackage,
  type RegisteredAgent,
  type RegistryCredential,
  ServiceFault,
  withDetails,
} from "../../ports.ts";
import type { CreateSettings, Placement } from "../../settings/settings.ts";
import type { Context } from "../step/step-context.ts";
import { waitUntilVisible } from "../step/wait-until-visible.ts";
import type { Agent } from "../watch/poll-agent.ts";
import { clearGroup, inUse } from "./clear-previous-group.ts";
import { awaitRecord } from "./container-registration.ts";
import { type CreatePace, createPace } from "./create-queue.ts";
import { lacksRoom, refusedForNow } from "./no-capacity.ts";
import { claimedOnlineMs, claimOf, fittingPool, readStandbyPool, tellColdStart } from "./standby-claim.ts";

/** What all agents of one step share. */
export interface AgentCreation {
  readonly settings: CreateSettings;
  readonly agentPackage: AgentPackage;
  readonly placements: readonly LocatedPlacement[];
  readonly registry: RegistryCredential | undefined;
  readonly entrypoint: string;
  /** The creates of each region, because Azure limits each region separately. */
  readonly creates: (location: string) => CreatePace;
  /** Where agents are taken from while there are some: the same as the first placement makes. */
  readonly standby: StandbyPoolView | undefined;
}

export interface CreatedAgent extends Agent {
  readonly groupId: string;
  /** It came from a standby pool: until it gets a job, a cold start can replace it. */
  readonly isClaimed: boolean;
}

/** Rethrows a fault with the placement of the group, which the advice names. */
const placed =
  ({ subnetId, location }: Placement) =>
  (error: unknown): never => {
    const place = { ...(subnetId === undefined ? {} : { subnetId }), ...(location === undefined ? {} : { location }) };
    throw withDetails(error, { place });
  };

/** Reads what all agents share, before anything is made. @throws `ServiceFault`; `TaskError` EA303 */
export async function prepare(context: Context, settings: CreateSettings, entrypoint: string): Promise<AgentCreation> {
  const { pool, host } = context;
  async function located(one: Placement): Promise<LocatedPlacement> {
    // With a region and DNS servers given, nothing has to be read.
    if (one.location !== undefined && (one.subnetId === undefined || settings.container.dns)) {
      return { ...one, location: one.location, dnsServers: [] };
    }
    const { location, dnsServers } = await host.network(one.subnetId).catch(placed(one));
    if (one.subnetId !== undefined && one.location !== undefined && !sameRegion(one.location, location)) {
      const [network, subnet] = [one.subnetId.split("/").at(-3), one.subnetId.split("/").at(-1)];
      throw new TaskError(
        "EA303",
        `location is '${one.location}', but virtual network '${network}' with subnet '${subnet}' is in '${location}'.`,
      );
    }
    return { ...one, location: one.location ?? location, dnsServers };
  }
  const [agentPackage, registry, placements, standbyPool] = await Promise.all([
    pool.agentPackage(),
    settings.registry && host.pullCredential(settings.registry),
    Promise.all(settings.placements.map(located)),
    readStandbyPool(context, settings.standbyPoolId),
  ]);
  const [first] = placements;
  const standby = first && fittingPool(context, standbyPool, settings, first);
  const paces = new Map<string, CreatePace>();
  const creates = (location: string) => {
    const pace = paces.get(location) ?? createPace(context, settings.agentCount);
    paces.set(location, pace);
    return pace;
  };
  return { settings, agentPackage, placements, registry, entrypoint, creates, standby };
}

/** Gives the record its capabilities, and sees that it has them. @throws `TaskError` EA506 */
async function mark(context: Context, id: number, plan: AgentPlan): Promise<void> {
  await context.pool.setCapabilities(id, plan.capabilities);
  // The service may drop capabilities silently, and nobody would find an agent without its marks again.
  let missing = Object.keys(plan.capabilities);
  await waitUntilVisible(context, async () => {
    const kept = (await context.pool.get(id))?.capabilities ?? {};
    missing = Object.keys(plan.capabilities).filter((name) => kept[name] !== plan.capabilities[name]);
    return missing.length === 0 ? true : undefined;
  });
  if (missing.length > 0) throw new TaskError("EA506", `missing on agent '${plan.name}': ${missing.join(", ")}`);
}

/** @throws `ServiceFault`; `TaskError` EA505 or EA506 when the record cannot be used */
async function register(context: Context, shared: AgentCreation, plan: AgentPlan): Promise<RegisteredAgent> {
  const { pool, say } = context;
  const agent = await pool.register(agentDefinition(plan, shared.agentPackage, shared.settings.container.workFolder));
  say(`${plan.name}: registered in pool '${pool.name}' as agent ${agent.id}`);
  // Side by side; both are waited for, so that nothing is still written to a record that is about to be removed.
  const [tried, marked] = await Promise.allSettled([pool.tryCredential(agent), mark(context, agent.id, plan)]);
  if (tried.status === "rejected") {
    const { reason } = tried;
    if (context.signal.aborted) throw reason;
    throw new TaskError("EA505", reason instanceof Error ? reason.message : String(reason));
  }
  if (marked.status === "rejected") throw marked.reason;
  return agent;
}

/** The agent was not online in time. */
const missing = new Set(["EA405", "EA602", "EA616"]);

const isMissing = (error: unknown): boolean => error instanceof TaskError && missing.has(error.code);

/** How often an agent is used although Azure reported no room for it, because it is online. */
const secondThoughts = 3;

/** A placement in a few words. */
export function describePlacement(placement: LocatedPlacement): string {
  const subnet = placement.subnetId?.split("/").at(-1);
  return `${placement.cpu} CPU, ${placement.memoryInGB} GB in ${placement.location}${subnet ? `, subnet ${subnet}` : ""}`;
}

/** One way to a container group: out of a standby pool, or made at a placement. */
interface Way {
  readonly placement: LocatedPlacement;
  readonly standby?: StandbyPoolView;
}

/** The ways in the order in which they are tried. */
function waysOf({ standby, placements }: AgentCreation): readonly Way[] {
  const [first] = placements;
  const claims = standby && first ? [{ placement: first, standby }] : [];
  return [...claims, ...placements.map((placement) => ({ placement }))];
}

/**
 * Registers an agent, asks for its container group, and uses it. When Azure has no room, the same agent's group is asked
 * for again at the next placement. A standby pool comes before the first placement, which takes its place whatever is the
 * matter with it. An agent that its container registers is waited for after the group.
 * @param use what the agent is made for; throws EA203 or EA204 when the group turns out to have no room, and anything when
 *   a claimed agent breaks. Told how long the agent may take to come online, in milliseconds; 0 means no limit
 * @throws `ServiceFault`; `TaskError` EA505 or EA506 when the record cannot be used; what `use` throws
 */
export async function createAgent<T>(
  context: Context,
  shared: AgentCreation,
  plan: AgentPlan,
  use: (agent: CreatedAgent, onlineMs: number) => Promise<T>,
): Promise<T> {
  const { pool, host, say } = context;
  const { settings } = shared;
  const byTask = settings.registration === "task";
  const agent = byTask ? await register(context, shared, plan) : undefined;
  const known = { name: plan.name, registersItself: !byTask, ...(agent === undefined ? {} : { id: agent.id }) };
  const ways = waysOf(shared);

  let groupId = "";

  /** Uses the agent, and goes on with it where it came after the time that it was given. */
  async function serve({ standby }: Way): Promise<T> {
    const isClaimed = standby !== undefined;
    const onlineMs = isClaimed ? Math.min(settings.onlineMs || claimedOnlineMs, claimedOnlineMs) : settings.onlineMs;
    for (let again = 0; ; again++) {
      try {
        const id = agent?.id ?? (await awaitRecord(context, plan.name, settings.onlineMs));
        if (!byTask) await mark(context, id, plan);
        return await use({ name: plan.name, id, groupId, isClaimed }, onlineMs);
      } catch (thrown) {
        const error = withoutWayIn(thrown, settings);
        const mayCome = isClaimed ? isMissing(error) : lacksRoom(toTaskError(error));
        if (!mayCome || again >= secondThoughts || !(await inUse(context, known))) throw error;
        say(`${plan.name}: ${isClaimed ? "the agent came online" : "Azure found capacity"} after all`);
      }
    }
  }

  async function place(way: Way): Promise<T> {
    const { placement, standby } = way;
    const definition = containerGroup({ ...shared, plan, agent, poolName: pool.name, placement });
    const group = await shared
      .creates(definition.location)
      .send(way !== ways.at(-1), () => host.create(standby ? claimOf(definition, standby) : definition))
      .catch(placed(placement))
      .catch(refusedForNow);
    groupId = group.id;
    const from = standby ? `claimed from standby pool '${standbyPoolName(standby)}'` : "requested";
    say(`${plan.name}: container group ${from} (${group.id})`);
    return serve(way);
  }

  /**
   * Removes the group of an agent that did not come, for another one in its place.
   * @returns false when the agent came before the deletion took effect: nothing that it needs may be deleted then
   */
  async function cleared({ standby }: Way): Promise<boolean> {
    // A refused claim leaves nothing to remove.
    const mayBeThere = context.consistency.groupSeen(plan.name) || context.consistency.groupMayBeUnseen(plan.name);
    if (standby && !mayBeThere) return true;
    return clearGroup(context, known);
  }

  async function from(index: number, way: Way): Promise<T> {
    const next = ways[index + 1];
    try {
      return await place(way);
    } catch (thrown) {
      const error = withoutWayIn(toTaskError(thrown), settings);
      const explained = toTaskError(error);
      if (next === undefined || context.signal.aborted || !(explained instanceof TaskError)) throw error;
      if (!way.standby && !lacksRoom(explained)) throw error;
      // Where a claimed agent could not be looked at, nothing is known against the pool.
      if (way.standby && groupId !== "" && thrown instanceof ServiceFault) throw error;
      if (await inUse(context, known)) throw error;
      if (way.standby) tellColdStart(context, plan.name, way.standby, explained);
      else say(`${plan.name}: ${explained.reason} Falling back to ${describePlacement(next.placement)}.`);
      // A group without room keeps trying, and billing, until it is deleted (facts aci-azure-sdk §0.2).
      if (await cleared(way)) return from(index + 1, next);
      say(`${plan.name}: the agent came online after all`);
      return serve(way);
    }
  }

  const [first] = ways;
  if (first === undefined) throw new Error("there is always a first placement");
  return from(0, first);
}
