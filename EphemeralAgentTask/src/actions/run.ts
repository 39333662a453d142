// The run action: creates agents, waits for the run's jobs on them, and removes them. The step's result follows the jobs'
// results.

import { TaskError } from "../errors/catalog.ts";
import { tally } from "../errors/count-repeated.ts";
import { withoutWayIn } from "../errors/mapping/error-mapping.ts";
import { type AgentCreation, type CreatedAgent, createAgent, prepare } from "../lifecycle/create/create-agent.ts";
import { lacksRoom } from "../lifecycle/create/no-capacity.ts";
import { sweepBeside } from "../lifecycle/remove/remove-leftovers.ts";
import { withCleanup } from "../lifecycle/step/cleanup-on-exit.ts";
import { type Context, type Ports, patientContext } from "../lifecycle/step/step-context.ts";
import { type Ledger, ledgerOf } from "../lifecycle/step/write-ahead-ledger.ts";
import { brokenBy, conclude, type Ending, live } from "../lifecycle/watch/await-job.ts";
import { jobOfRun } from "../lifecycle/watch/job-description.ts";
import { type RunJobs, runJobsOf } from "../lifecycle/watch/run-jobs.ts";
import { pageOf } from "../plan/owner-marks.ts";
import { type JobRequest, ServiceFault } from "../ports.ts";
import type { CreateSettings } from "../settings/settings.ts";
import { type Outcome, succeeded } from "./action-result.ts";
import { outputAgents } from "./create.ts";
import { announce, nextPlan } from "./prepare.ts";
import { allOrFirstFailure, bothOrFirstFailure } from "./wait-for-all.ts";

/** How many replacement agents are created for each agent when jobs of other runs take it. */
const replacements = 10;

interface Place {
  readonly context: Context;
  readonly shared: AgentCreation;
  readonly ledger: Ledger;
  readonly runJobs: RunJobs;
  made(agent: CreatedAgent): void;
}

/**
 * Lives one agent, and others in its place while jobs of other runs take them, until one served this run or none is
 * needed. A broken one is reported and removed at once.
 */
async function fill(place: Place): Promise<Ending[]> {
  const { context, shared, ledger, runJobs } = place;
  const { settings } = shared;
  const lives: Promise<Ending>[] = [];

  /** Starts the life of one agent. A failure is handled when its turn comes, so it never counts as unhandled. */
  function start(life: () => Promise<Ending>): void {
    const started = life();
    started.catch(() => undefined);
    lives.push(started);
  }

  async function serve(agent: CreatedAgent, onlineMs: number): Promise<Ending> {
    place.made(agent);
    const ending = await live(context, agent, {
      run: settings.run,
      runJobs,
      wanted: settings.agentCount,
      onlineMs,
      idleMs: settings.idleMs,
      onTaken(request) {
        const maintenance = /maintenance/i.test(request.planType);
        const who = maintenance ? "the pool's maintenance" : `${jobOfRun(request)}, another run`;
        context.say(`${agent.name}: taken by ${who}`);
        if (lives.length <= replacements) start(() => replace(agent.name));
      },
    });
    if (ending.kind !== "broken") return ending;
    const error = withoutWayIn(ending.error, settings);
    if (lacksRoom(error) || agent.isClaimed || !(error instanceof TaskError)) throw error;
    return { kind: "broken", error };
  }

  /** @param earlier name of the agent in whose place this one is made */
  async function one(earlier?: string): Promise<Ending> {
    const plan = nextPlan(context, settings, ledger);
    if (earlier !== undefined) context.task.replaces(plan.name, earlier);
    const ending = await createAgent(context, shared, plan, serve).catch((error: unknown) => brokenBy(context, error));
    await conclude(
      context,
      { name: plan.name, registersItself: settings.registration === "container" },
      ending,
      settings.keepOnError,
    );
    ledger.closed(plan.name);
    return ending;
  }

  async function replace(earlier: string): Promise<Ending> {
    const { taken, forecast } = await runJobs.look();
    if (taken.length >= settings.agentCount || forecast.kind !== "may come") {
      return { kind: "unneeded", forecast: undefined };
    }
    context.say("creating another agent for this run's job");
    return one(earlier);
  }

  start(one);
  const ended: Ending[] = [];
  // The list grows during the loop: an agent that was taken adds its replacement before it ends.
  for (let turn = 0; turn < lives.length; turn++) ended.push(...(await allOrFirstFailure(lives.slice(turn, turn + 1))));
  return ended;
}

/** Also waits for jobs of this run that run on other agents, because the step's result follows the jobs' results. */
async function finished(context: Context, runJobs: RunJobs): Promise<readonly JobRequest[]> {
  for (;;) {
    const { taken } = await runJobs.look();
    if (taken.every((request) => request.finished)) return taken;
    await context.clock.sleep(5_000, context.signal);
  }
}

const good = new Set(["succeeded", "succeededWithIssues", "skipped"]);

function judge(endings: readonly Ending[], jobs: readonly JobRequest[]): Outcome {
  const broken = endings.filter((ending) => ending.kind === "broken");
  if (broken.length > 0) return { result: "failed", message: tally(broken.map((ending) => ending.error.code)) };
  const bad = jobs.filter((job) => !good.has(job.result ?? "abandoned"));
  if (bad.length > 0) {
    throw new TaskError("EA701", bad.map((job) => `${jobOfRun(job)}: ${job.result ?? "result unknown"}`).join("; "));
  }
  if (jobs.length > 0) return succeeded;
  const forecast = endings.flatMap((ending) =>
    ending.kind === "unneeded" && ending.forecast ? [ending.forecast] : [],
  )[0];
  if (forecast?.kind === "waits for this job") throw new TaskError("EA702", `waiting: ${forecast.jobs.join(", ")}.`);
  const others = forecast?.kind === "over" ? forecast.jobs : [];
  const error = new TaskError(
    "EA703",
    others.length > 0 ? `the run's other jobs: ${others.join(", ")}.` : "the run has no other job.",
  );
  // A job that was skipped on purpose does not fail the step.
  if (others.length > 0 && others.every((job) => job.endsWith(": skipped"))) {
    return { result: "succeededWithIssues", code: error.code, message: error.message };
  }
  throw error;
}

/**
 * Sees before anything is made that no job of the run can come: the service refuses a job at once while no agent of the pool
 * meets its demands (facts agent-protocol §5). What is not sure is left to the agent's life.
 * @throws `TaskError` EA709
 */
async function assertWanted(context: Context, { agentPool, run }: CreateSettings, runJobs: RunJobs): Promise<void> {
  const { forecast } = await runJobs.look();
  if (forecast.kind !== "over") return;
  const refused = ((await context.run.timeline()) ?? []).flatMap(({ type, name, errors = [] }) =>
    type === "Job"
      ? errors.filter((text) => /^No agent found in pool /i.test(text)).map((text) => ({ name, text }))
      : [],
  );
  const ours = refused.filter(({ text }) => text.toLowerCase().includes(`in pool ${agentPool.toLowerCase()} `));
  if (ours.length === 0) return;
  const told = ours.map(({ name, text }) => `job '${name}': ${text}`).join("; ");
  throw new TaskError("EA709", `run ${run.runId}: ${told}`);
}

/**
 * Names the jobs that still wait for the agent that failed. Nobody ends them: Azure Pipelines cancels a stage or a whole run,
 * but no single job (docs/services.md), and this step must not end what else is running there.
 */
async function tellQueued({ task }: Context, { run }: CreateSettings, runJobs: RunJobs): Promise<void> {
  // An earlier read may show a short job as waiting that has finished since.
  const look = await runJobs.look(true).catch(() => undefined);
  const waiting = look?.queued.map(jobOfRun) ?? [];
  if (waiting.length === 0) return;
  const { code, message } = new TaskError("EA805", `${tally(waiting)}: ${pageOf(run)}`);
  task.warning(code, message);
}

/** True when Azure DevOps itself failed, so that it cannot be asked for jobs. */
const fromDevOps = (error: unknown): boolean =>
  error instanceof ServiceFault
    ? error.service === "Azure DevOps"
    : error instanceof TaskError && /^EA5/.test(error.code);

/**
 * @param entrypoint text of `agent-image/entrypoint.sh`
 * @throws `TaskError`; `Cancelled`. Then nothing it made is left, or the post-job step removes it
 */
export async function run(ports: Ports, settings: CreateSettings, entrypoint: string): Promise<Outcome> {
  const began = ports.clock.now();
  const context = patientContext(ports, began);
  const ledger = ledgerOf(ports.task);
  const runJobs = runJobsOf(context, settings.run);
  async function serveJobs(): Promise<Outcome> {
    // Both only read. Nothing is created before both are done.
    const [shared] = await bothOrFirstFailure(
      prepare(context, settings, entrypoint),
      assertWanted(context, settings, runJobs),
    );
    announce(context, shared);
    ports.task.progress(10, "creating");
    const agents: CreatedAgent[] = [];
    const made = (agent: CreatedAgent) => {
      if (agents.every((one) => one.name !== agent.name)) agents.push(agent);
      outputAgents(ports, agents);
      ports.task.progress(30, "waiting for the job");
    };
    const place = { context, shared, ledger, runJobs, made };
    const places = Array.from({ length: settings.agentCount }, () => fill(place));
    const endings = (await allOrFirstFailure(places)).flat();
    if (endings.some(({ kind }) => kind === "broken")) await tellQueued(context, settings, runJobs);
    const served = endings.flatMap((ending) => (ending.kind === "served" ? [ending.request] : []));
    const elsewhere = (await finished(context, runJobs)).filter((job) =>
      served.every((one) => one.requestId !== job.requestId),
    );
    ports.task.progress(100, "done");
    return judge(endings, [...served, ...elsewhere]);
  }
  try {
    return await withCleanup({ ports, context, began, ledger, keepOnError: settings.keepOnError }, () =>
      sweepBeside(context, settings.run, serveJobs),
    );
  } catch (error) {
    if (!ports.task.cancelled.aborted && !fromDevOps(error)) await tellQueued(context, settings, runJobs);
    throw error;
  }
}
