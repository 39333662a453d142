// Waits until each agent has run its job or can no longer get one, and removes it then.

import { Cancelled, TaskError } from "../../errors/catalog.ts";
import { toTaskError } from "../../errors/mapping/error-mapping.ts";
import type { RunIdentity } from "../../plan/owner-marks.ts";
import type { JobRequest } from "../../ports.ts";
import { agentFailure } from "../diagnose/agent-failure.ts";
import { showLog } from "../diagnose/container-log.ts";
import { diagnose } from "../diagnose/diagnose-agent.ts";
import { earlyWarnings } from "../diagnose/early-warnings.ts";
import { progressHints } from "../diagnose/progress-hints.ts";
import { obstacleWatch } from "../diagnose/unassigned-job.ts";
import { keepForDebugging } from "../remove/keep-for-debugging.ts";
import { type Removable, removeAgent, takeOutOfService } from "../remove/remove-agent.ts";
import type { Context } from "../step/step-context.ts";
import { jobOfRun } from "./job-description.ts";
import { type JobForecast, meantFor } from "./job-forecast.ts";
import { type Agent, pollAgent } from "./poll-agent.ts";
import type { RunJobs } from "./run-jobs.ts";
import { unneededAgent } from "./unneeded-agent.ts";

/** How the life of an agent ended. */
export type Ending =
  | { readonly kind: "served"; readonly request: JobRequest }
  /** It ran a job of another run. */
  | { readonly kind: "taken"; readonly request: JobRequest }
  /** It was not needed: the run's jobs ran elsewhere, or no job can come. */
  | { readonly kind: "unneeded"; readonly forecast: JobForecast | undefined }
  | { readonly kind: "broken"; readonly error: TaskError };

interface AwaitJobOptions {
  readonly run: RunIdentity;
  readonly runJobs: RunJobs;
  /** How many of the run's jobs these agents are for; undefined when any number may come. */
  readonly wanted: number | undefined;
  /** Milliseconds an agent may take to come online; 0 means no limit of its own. */
  readonly onlineMs: number;
  /** Milliseconds an agent may wait for a job. */
  readonly idleMs: number;
  /** Called when a job of another run got the agent: the moment to make another one. */
  onTaken?(request: JobRequest): void;
}

/** Which job got an agent that was not for it. The pool's maintenance gives each of its agents one (Microsoft Learn). */
export function takenBy(request: JobRequest): string {
  const { ownerName, planType } = request;
  const owner = ownerName || `a plan of type ${planType || "unknown"}`;
  return /maintenance/i.test(planType)
    ? `the pool's maintenance (${owner}) took it`
    : `${jobOfRun({ ...request, ownerName: owner })} took it`;
}

const broken = (error: TaskError): Ending => ({ kind: "broken", error });

/** Disables an agent that no job needs. Returns false when it got a job in the meantime: that job is then waited for. */
async function retire(context: Context, agent: Agent): Promise<boolean> {
  const record = await takeOutOfService(context, agent.id);
  return record?.assignedRequest === undefined && record?.lastCompletedRequest === undefined;
}

/** Watches one agent until its life ends. Removes nothing. @throws what `pollAgent` throws */
export async function live(context: Context, agent: Agent, options: AwaitJobOptions): Promise<Ending> {
  const needless = unneededAgent(context.clock, options.wanted);
  const obstacleIn = obstacleWatch(context.clock);
  const hint = progressHints(context, agent.name);
  const peek = earlyWarnings(context, agent.name, hint);
  let disabled = false;
  let serving: JobRequest | undefined;
  const ending = (request: JobRequest): Ending =>
    meantFor(options.run, request) ? { kind: "served", request } : { kind: "taken", request };

  /** The first time that its job is seen. A short job may have finished by then. */
  function given(request: JobRequest): void {
    if (serving === undefined && !meantFor(options.run, request)) options.onTaken?.(request);
    serving = request;
  }

  return pollAgent<Ending>(context, agent, async (reading) => {
    const now = reading.agentState;
    if (now.kind === "assigned") {
      if (!disabled) await context.pool.disable(agent.id);
      disabled = true;
      given(now.request);
      return undefined;
    }
    if (now.kind === "finished") {
      const request =
        now.request ??
        (await context.pool.jobRequests()).find((one) => one.requestId === serving?.requestId) ??
        serving;
      if (request === undefined) return undefined;
      given(request);
      return ending(request);
    }
    const error = agentFailure(reading, options.onlineMs);
    if (error) return broken(await diagnose(context, agent.name, error));
    peek(reading);
    const look = await options.runJobs.look();
    const obstacle = obstacleIn(look, reading);
    if (obstacle) hint(obstacle);
    const why = needless(look);
    if (why !== undefined && (await retire(context, agent))) {
      disabled = true;
      return { kind: "unneeded", forecast: why === "served elsewhere" ? undefined : why };
    }
    if (now.kind === "online" && reading.unchangedMs >= options.idleMs && (await retire(context, agent))) {
      const { forecast } = look;
      const hope = forecast.kind === "may come" ? ` What it was waiting for: ${forecast.why}.` : "";
      const waited = `${agent.name} was online for ${Math.round(options.idleMs / 60_000)} min.`;
      return broken(new TaskError(obstacle?.code ?? "EA704", `${waited}${obstacle ? ` ${obstacle.reason}` : hope}`));
    }
    return undefined;
  });
}

/**
 * What an error means for the agent it came over. A cancel is none of its failures and is thrown on.
 * @throws `Cancelled`, whatever the error, when the step is canceled
 */
export function brokenBy(context: Context, error: unknown): Ending {
  if (context.signal.aborted) throw new Cancelled();
  const explained = toTaskError(error);
  if (explained instanceof TaskError) return broken(explained);
  // The error is unknown, so the step does not continue: it reports the error and removes the agent.
  return broken(new TaskError("EA999", explained instanceof Error ? explained.message : String(explained)));
}

/**
 * Reports a broken agent at once, then removes record and group.
 * @param keepOnError a broken agent's group stays for debugging instead
 * @throws what `removeAgent` throws
 */
export async function conclude(context: Context, agent: Removable, ending: Ending, keepOnError = false): Promise<void> {
  if (ending.kind === "broken") {
    await showLog(context, agent.name);
    context.task.error(ending.error.code, `${agent.name}: ${ending.error.message}`);
    if (keepOnError) return keepForDebugging(context, agent);
  }
  await removeAgent(context, agent);
}

/**
 * Follows one agent to its end and removes it.
 * @throws what `pollAgent` and `removeAgent` throw
 */
export async function awaitJob(context: Context, agent: Agent, options: AwaitJobOptions): Promise<Ending> {
  const ending = await live(context, agent, options).catch((error: unknown) => brokenBy(context, error));
  await conclude(context, agent, ending);
  return ending;
}
