// A standby pool instead of a cold start: only where both make the same container, for a step must not depend on which.
import { TaskError } from "../../errors/catalog.ts";
import { toTaskError } from "../../errors/mapping/error-mapping.ts";
import type { LocatedPlacement } from "../../plan/agent-and-container-group.ts";
import { sameRegion } from "../../plan/region-name.ts";
import { publicKeyVariable, type StandbyPoolView, standbyPoolName } from "../../ports/standby-pool.ts";
import { type ContainerGroupDefinition, ServiceFault } from "../../ports.ts";
import type { CreateSettings } from "../../settings/settings.ts";
import type { Context } from "../step/step-context.ts";

/** Milliseconds that a claimed agent may take to come online. Its container is already running. */
export const claimedOnlineMs = 60_000;

const same = (one: string, other: string) => one.toLowerCase() === other.toLowerCase();

/**
 * What a container of the pool would lack, or have otherwise, of what the step asks for.
 * @returns one sentence each, without a secret value; none when a claim does
 */
export function differences(
  pool: StandbyPoolView,
  { image, container, registration }: CreateSettings,
  placement: Pick<LocatedPlacement, "cpu" | "memoryInGB" | "subnetId" | "location">,
): string[] {
  // Identities come with the claim: a profile has none (documented).
  const { environment, secretEnvironment, volumes } = container;
  const unequal = (what: string, asked: string | number, has: string | number, equal = asked === has) =>
    equal ? [] : [`${what} is '${asked}', in the pool '${has}'`];
  const [subnet, poolSubnet] = [placement.subnetId ?? "none", pool.subnetId ?? "none"];
  const variables = Object.entries(environment).filter(([name, value]) => pool.environment[name] !== value);
  const lacking = (what: string, names: readonly string[], has: readonly string[]) =>
    names
      .filter((name) => !has.some((one) => same(one, name)))
      .map((name) => `${what} '${name}' is not in the profile`);
  return [
    ...(pool.environment[publicKeyVariable] ? [] : [`the profile has no variable ${publicKeyVariable}`]),
    ...(registration === "task" ? [] : ["the container registers its agent itself"]),
    ...unequal("imageName", image, pool.image),
    ...unequal("CPU", placement.cpu, pool.cpu),
    ...unequal("memory", placement.memoryInGB, pool.memoryInGB),
    ...unequal("the subnet", subnet, poolSubnet, same(subnet, poolSubnet)),
    ...unequal("the region", placement.location, pool.location, sameRegion(placement.location, pool.location)),
    ...variables.map(([name]) => `environment variable '${name}' is not the same in the profile`),
    ...lacking("secret variable", Object.keys(secretEnvironment), pool.secretEnvironment),
    ...lacking(
      "volume",
      volumes.map(({ mountPath }) => mountPath),
      pool.mountPaths,
    ),
  ];
}

/**
 * Reads the step's standby pool. Whatever is wrong with it is a warning: the step starts cold then.
 * @returns undefined when there is none that could be used
 * @throws `Cancelled`
 */
export async function readStandbyPool(context: Context, id: string | undefined): Promise<StandbyPoolView | undefined> {
  if (id === undefined) return undefined;
  try {
    return await context.host.standbyPool(id);
  } catch (error) {
    const explained = toTaskError(error);
    if (!(error instanceof ServiceFault) || !(explained instanceof TaskError)) throw error;
    warn(context, "EA230", `standby pool '${standbyPoolName({ id })}': ${explained.reason}`);
    return undefined;
  }
}

/** Returns the pool only when its containers are what the step asks for, and prints the differences otherwise. */
export function fittingPool(
  context: Context,
  pool: StandbyPoolView | undefined,
  settings: CreateSettings,
  placement: LocatedPlacement,
): StandbyPoolView | undefined {
  const unlike = pool === undefined ? [] : differences(pool, settings, placement);
  if (pool === undefined || unlike.length === 0) return pool;
  warn(context, "EA231", `standby pool '${standbyPoolName(pool)}': ${unlike.join("; ")}.`);
  return undefined;
}

/** The same container group, out of the pool: what it would find in its secret volume is handed to it sealed. */
export function claimOf(definition: ContainerGroupDefinition, pool: StandbyPoolView): ContainerGroupDefinition {
  const secret = definition.volumes.find((volume) => volume.kind === "secret");
  const { "entrypoint.sh": _, ...files } = secret?.kind === "secret" ? secret.files : {};
  return { ...definition, standby: { pool, files } };
}

/** Prints that the pool had no agent, and what happens instead. */
export function tellColdStart(context: Context, name: string, pool: StandbyPoolView, error: TaskError): void {
  context.say(`${name}: standby pool '${standbyPoolName(pool)}' gave no agent. Starting cold.`);
  warn(context, "EA230", `${name}: standby pool '${standbyPoolName(pool)}': ${error.code} ${error.reason}`);
}

function warn(context: Context, code: "EA230" | "EA231", reason: string): void {
  context.task.warning(code, new TaskError(code, reason).message);
}
