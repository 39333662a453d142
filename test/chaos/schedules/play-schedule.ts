// Plays a schedule, brings the clean-up that reality would bring, and looks whether every promise held.

import { identity, settings } from "../../in-memory/valid-settings.ts";
import { VirtualClock } from "../../in-memory/virtual-clock.ts";
import { World } from "../../in-memory/world.ts";
import { secretOfAgents } from "../../in-memory/world-ports.ts";
import type { MemoryJob, StandbyState } from "../../in-memory/world-state.ts";
import type { Core } from "../core.ts";
import { foreigners, leftSilently, ours, unexpired } from "../world/left-behind.ts";
import { onlineMs, Pipeline, type StepEnd, startOfTime } from "../world/pipeline-run.ts";
import { TaskProcess } from "../world/step-process.ts";
import { type HiddenEvents, showAsRecorded } from "./recorded-events.ts";
import type { FaultKind, PlannedStandby, Schedule } from "./schedule.ts";

/** Where agents were seen to stand, by the line that told it. */
const states: readonly [state: string, told: RegExp][] = [
  ["starting", /: container group (pending|creating|succeeded)/],
  ["online", /: online$/],
  ["assigned", /: running job /],
  ["finished", /: job finished: (?!result unknown)/],
  ["finished, result unknown", /: job finished: result unknown/],
  ["lost", /: container ended while its job was running/],
  ["ended", /: container ended \(/],
  ["failed", /: container group failed/],
  ["group gone", /: container group is gone/],
  ["record gone", /: agent record is gone/],
  ["taken by another run", /: taken by job /],
  ["replaced", /making another agent/],
  ["fell back", /Falling back to/],
  ["claimed", /claimed from standby pool/],
  ["started cold after a claim", /gave no agent\. Starting cold/],
  ["kept for debugging", /kept for debugging until/],
  ["busy at removal", /still counts its job as running/],
  ["left to the post-job step", /left to the post-job step/],
  ["finished by the post-job step", /before it could clean up/],
  ["leftover removed", /leftover .*: removed/],
  ["leftover kept: busy", /kept +busy with job/],
  ["request sent again", /Trying again in/],
];

interface Report {
  /** Broken promises; empty is what is wanted. */
  readonly violations: readonly string[];
  readonly faults: readonly FaultKind[];
  readonly ends: readonly StepEnd[];
  readonly kills: number;
  readonly cancels: number;
  /** What the steps did not see of groups that they looked at. */
  readonly hidden: HiddenEvents;
  /** States of agents and steps that came up. */
  readonly states: readonly string[];
}

const hour = 3_600_000;
const secrets = [secretOfAgents, "secret-of-the-principal", "secret-token"];

/** The next runs' sweeps: soon after when they can see that a run is over, else once the expiry has passed. */
async function sweepAll(world: World, core: Core, schedule: Schedule): Promise<TaskProcess[]> {
  const sweeps: TaskProcess[] = [];
  const run = { ...world.run, isOver: async (id: string) => (schedule.runsReadable ? world.over.has(id) : undefined) };
  for (const passes of [0.3, 1, 1, 26]) {
    await world.clock.sleep(passes * hour);
    const process = new TaskProcess(world, core, () => undefined);
    sweeps.push(process);
    const chosen = settings({ run: identity("999") });
    const swept = core.sweep(process.ports(run), { ...chosen, minimumAgeMs: 0, dryRun: false });
    const end = await swept.then(
      ({ result }) => result,
      () => "error",
    );
    if (!schedule.runsReadable && end === "succeeded" && unexpired(world).length > 0)
      world.broken.push(
        `a sweep that could not read the state of runs was silent about ${unexpired(world).join(", ")}`,
      );
  }
  return sweeps;
}

function spilled(pipelines: readonly Pipeline[]): string[] {
  const found: string[] = [];
  for (const { processes, runId } of pipelines) {
    for (const { task } of processes) {
      const said = [
        ...task.lines,
        ...task.errors,
        ...task.warnings,
        ...task.saved,
        ...Object.values(task.outputs),
      ].join("\n");
      for (const secret of secrets) if (said.includes(secret)) found.push(`run ${runId} printed ${secret}`);
    }
  }
  return found;
}

/** Nothing goes wrong in it. */
function isCalm({ faults, ends, foreignJobs, fates, impolite, standby, runs }: Schedule): boolean {
  // A cold start takes the place of a claimed agent that does not come, where somebody waits for that.
  if (standby && standby.fate !== "works" && runs.some(({ shape }) => shape === "watched")) return false;
  if (standby?.fate === "dies under the job") return false;
  const { faults: rude = [], jumps = [], maintenance = [] } = impolite ?? {};
  const wrong = [faults, ends, foreignJobs, rude, jumps, maintenance].some((list) => list.length > 0);
  return !wrong && fates.every((fate) => fate === "works");
}

/** A job that began must end by itself unless its container was made to die; one that was promised an agent must begin. */
function jobTroubles(world: World, pipelines: readonly Pipeline[], schedule: Schedule): string[] {
  const troubles: string[] = [];
  if (isCalm(schedule)) {
    for (const { plan, jobs, runId } of pipelines) {
      const ran = jobs.filter((job) => job.starts === 1 && job.result).length;
      if (!plan.skipped && ran < plan.agentCount)
        troubles.push(`run ${runId} went well, but ${ran} of ${plan.agentCount} jobs ran`);
    }
  }
  for (const job of world.jobs) {
    if (job.starts > 1) troubles.push(`job ${job.requestId} was run ${job.starts} times`);
    if (job.starts === 1 && !job.result) troubles.push(`job ${job.requestId} never ended`);
  }
  for (const { plan, steps, jobs, runId } of pipelines) {
    if (plan.shape !== "parallel" || plan.skipped) continue;
    if (steps[0]?.end !== "succeeded") continue;
    for (const job of jobs)
      if (job.starts === 0) troubles.push(`run ${runId} succeeded although job ${job.requestId} never ran`);
    if (plan.jobFails) troubles.push(`run ${runId} succeeded although its job failed`);
  }
  return troubles;
}

/** Watched in peace, an agent is disabled once it has its job (facts agent-protocol §2.4). */
function disabledInTime(world: World, pipelines: readonly Pipeline[]): void {
  /** What each process had read of an agent when that got its job. */
  const before = new Map<MemoryJob, ReadonlyMap<TaskProcess, number>>();
  const watching = () =>
    pipelines
      .flatMap((one) => one.processes)
      .filter((one) => one.alive && one.struck.length === 0 && !one.task.cancelled.aborted);
  const reads = (one: TaskProcess, id: number) => one.reads.get(id) ?? 0;
  world.onGiven = (record, job) =>
    void before.set(job, new Map(watching().map((one) => [one, reads(one, record.id)] as const)));
  world.onEnd = (record, job) => {
    const watchedMs = world.clock.now() - (job.assignedAt ?? 0);
    if (
      record.enabled &&
      watchedMs > 12_000 &&
      watching().some((one) => reads(one, record.id) > (before.get(job)?.get(one) ?? 0) + 8)
    ) {
      world.broken.push(`agent '${record.name}' was never taken out of service while its job ran`);
    }
  };
}

/** The states told, and the codes of errors. */
function statesOf(processes: readonly TaskProcess[]): string[] {
  const lines = processes.flatMap(({ task }) => task.lines);
  const told = states.filter(([, pattern]) => lines.some((line) => pattern.test(line))).map(([state]) => state);
  const codes = processes.flatMap(({ task }) => task.errors.map((error) => error.slice(0, 5)));
  return [...new Set([...told, ...codes])];
}

/** The pool, whose profile is what the steps' first placement asks for, unless it is to be unlike that. */
function standbyOf({ unlike, ...state }: PlannedStandby): StandbyState {
  const profile = { subnetId: undefined, ...(unlike ? { image: "contoso.azurecr.io/another:1" } : {}) };
  return { ...state, profile };
}

/** @param schedule what happens */
export async function play(core: Core, schedule: Schedule): Promise<Report> {
  const clock = new VirtualClock(schedule.seed, startOfTime);
  const world = new World(clock);
  world.reading = {
    ...world.reading,
    ...schedule.reads,
    gap: schedule.gap,
    lockMs: 300_000,
    protectsBusy: schedule.protectsBusy,
    assignsToFinished: schedule.assignsToFinished,
  };
  world.behaviour = { bootMs: schedule.impolite?.bootMs ?? 8_000, fate: "works" };
  if (schedule.standby) world.standby = standbyOf(schedule.standby);
  const goneForeigners = foreigners(world);
  const hidden = showAsRecorded(world, schedule.seed, isCalm(schedule) ? onlineMs : Number.POSITIVE_INFINITY);
  const coming = [...schedule.fates];
  const create = world.host.create;
  world.host.create = (definition) => {
    // Those of the pool have one of their own.
    world.behaviour.fate = definition.standby ? "works" : (coming.shift() ?? "works");
    return create(definition);
  };
  for (const { atMs, lastsMs, demandless } of schedule.foreignJobs) {
    const demands = demandless ? [] : ["EphemeralAgent"];
    clock.after(
      atMs,
      () => void world.queue({ runId: "555", projectId: "project-2", name: "foreign", lastsMs, demands }),
    );
  }
  for (const { atMs, lastsMs, run } of schedule.impolite?.maintenance ?? []) {
    const job = { runId: String(101 + run), planType: "PoolMaintenance", name: "maintenance", demands: [], lastsMs };
    clock.after(atMs, () => void world.queue(job));
  }
  const pipelines = schedule.runs.map((plan, number) => new Pipeline(world, core, schedule, number, plan));
  disabledInTime(world, pipelines);

  const violations: string[] = [];
  let sweeps: TaskProcess[] = [];
  try {
    await clock.run(Promise.all(pipelines.map((one) => one.play())), 4 * hour);
    for (const { steps, runId } of pipelines)
      violations.push(...steps.flatMap(leftSilently).map((left) => `run ${runId}: ${left}`));
    // What a living machine's post-job step called clean must be clean before any sweep comes.
    for (const { steps, runId, plan } of pipelines) {
      const peaceful = steps.every((step) => step.cleaned && !step.process.struck.includes("done late"));
      if (plan.keepOnError || !peaceful || (plan.shape !== "parallel" && steps.length < 2)) continue;
      for (const left of ours(world)) {
        if (left.includes(`eph-${runId}-`)) violations.push(`${left} was left by a run whose steps all cleaned up`);
      }
    }
    sweeps = await clock.run(sweepAll(world, core, schedule), 48 * hour);
  } catch (error) {
    violations.push(error instanceof Error ? error.message : String(error));
  }
  violations.push(...world.broken, ...ours(world).map((left) => `${left} stays for ever`));
  violations.push(...goneForeigners().map((gone) => `${gone} is not ours and was touched`));
  violations.push(...jobTroubles(world, pipelines, schedule), ...spilled(pipelines));
  const steps = pipelines.flatMap((one) => one.steps);
  return {
    violations: [...new Set(violations)],
    faults: steps.flatMap((step) => step.process.struck),
    ends: steps.map((step) => step.end),
    kills: steps.filter((step) => step.end === "dead").length,
    cancels: steps.filter((step) => step.process.task.cancelled.aborted).length,
    hidden,
    states: statesOf([...pipelines.flatMap((one) => one.processes), ...sweeps]),
  };
}
