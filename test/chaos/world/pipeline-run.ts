// A run of a pipeline in one of the three shapes, with the steps as processes and the clean-up that reality brings.

import type { Outcome } from "../../../EphemeralAgentTask/src/actions/action-result.ts";
import type { LedgerState } from "../../../EphemeralAgentTask/src/lifecycle/step/write-ahead-ledger.ts";
import { taskId } from "../../../EphemeralAgentTask/src/plan/owner-marks.ts";
import type { PipelineRun, TimelineRecord } from "../../../EphemeralAgentTask/src/ports.ts";
import { identity, settings } from "../../in-memory/valid-settings.ts";
import type { World } from "../../in-memory/world.ts";
import type { MemoryJob } from "../../in-memory/world-state.ts";
import type { Core } from "../core.ts";
import type { PlannedRun, Schedule } from "../schedules/schedule.ts";
import { TaskProcess } from "./step-process.ts";

/** How long an agent may take to come online, in milliseconds. */
export const onlineMs = 90_000;
const small = { idleMs: 240_000, onlineMs, lifetimeMs: 900_000 };

/** How a step ended: as the action says, with an error, or dead. */
export type StepEnd = Outcome["result"] | "error" | "dead";

export interface StepReport {
  readonly end: StepEnd;
  /** Its post-job step ran and said that it left nothing. */
  readonly cleaned: boolean;
  readonly process: TaskProcess;
}

export class Pipeline {
  readonly runId: string;
  readonly jobs: MemoryJob[] = [];
  readonly steps: StepReport[] = [];
  readonly processes: TaskProcess[] = [];
  private readonly tasks: TimelineRecord[] = [];
  private deploy: TimelineRecord["state"] | "skipped" = "pending";

  constructor(
    readonly world: World,
    readonly core: Core,
    readonly schedule: Schedule,
    readonly number: number,
    readonly plan: PlannedRun,
  ) {
    this.runId = String(101 + number);
  }

  private readonly port: PipelineRun = {
    timeline: async () => {
      const own: TimelineRecord[] = [
        { id: "stage", type: "Stage", name: "Deploy", state: "inProgress" },
        { id: "phase", parentId: "stage", type: "Phase", name: "agent", state: "inProgress" },
        { id: `own-job-${this.runId}`, parentId: "phase", type: "Job", name: "agent", state: "inProgress" },
      ];
      own.push(...this.tasks);
      const deploy = { id: "phase-deploy", parentId: "stage", type: "Phase", name: "deploy" };
      return this.deploy === "skipped"
        ? [...own, { ...deploy, state: "completed", result: "skipped" }]
        : [...own, { ...deploy, state: this.deploy }];
    },
    isOver: async (runId) => (this.schedule.runsReadable ? this.world.over.has(runId) : undefined),
  };

  /** Runs one step and, when its machine lives, its post-job step. */
  private async step(number: number, action: "run" | "create" | "remove", onlineMs = small.onlineMs): Promise<StepEnd> {
    const { world, core, schedule, plan } = this;
    const { clock } = world;
    const here = <T extends { readonly run: number; readonly step: number }>(all: readonly T[] = []): T[] =>
      all.filter((one) => one.run === this.number && one.step === number);
    const { faults: rude, jumps } = schedule.impolite ?? {};
    const faults = [...here(schedule.faults), ...here(rude)];
    const process = new TaskProcess(world, core, (request) => faults.find((fault) => fault.request === request)?.kind);
    this.processes.push(process);
    const [planned] = here(schedule.ends);
    const stops = here(jumps).map(({ afterMs, byMs }) =>
      clock.after(afterMs, () => {
        process.dateOffMs += byMs;
      }),
    );
    if (planned) stops.push(this.plannedEnd(process, planned));
    const chosen = settings({
      ...small,
      onlineMs,
      run: identity(this.runId),
      agentCount: plan.agentCount,
      keepOnError: plan.keepOnError,
      registration: schedule.byContainer ? "container" : "task",
      demandable: action === "run",
      ...(schedule.standby && !schedule.byContainer ? { standbyPoolId: "/standby-pools/agents" } : {}),
      placements: plan.fallback
        ? [
            { location: "westeurope", cpu: 4, memoryInGB: 8 },
            { location: "westeurope", cpu: 1, memoryInGB: 2 },
          ]
        : [{ location: "westeurope", cpu: 1, memoryInGB: 2 }],
    });
    const ports = process.ports(this.port);
    const parentId = number === 0 ? `own-job-${this.runId}` : `job-${number}-of-${this.runId}`;
    const record = { id: `task-${number}`, parentId, type: "Task", name: action, taskId } as const;
    this.tasks[number] = { ...record, state: "inProgress" };
    const work = action === "remove" ? core.remove(ports, chosen) : core[action](ports, chosen, "#!/bin/bash");
    const ended = work.then(
      ({ result }): StepEnd => result,
      (): StepEnd => "error",
    );
    const end = await Promise.race([ended, process.death]);
    for (const stop of stops) stop();
    process.alive = false;
    this.tasks[number] = { ...record, state: "completed", finishedAt: clock.date() };
    const { open, everything } = process.task.ledger;
    const toDo = open.length > 0 || everything === true;
    let cleaned = !toDo;
    if (planned?.how !== "machine" || end !== "dead") {
      if (toDo) cleaned = await this.postJob(process.task.ledger);
    }
    this.steps.push({ end, cleaned, process });
    // A step that can hang is a step that waits for nothing.
    if (clock.now() > limit(this.schedule)) world.broken.push(`step ${number} of run ${this.runId} went on for ever`);
    return end;
  }

  private plannedEnd(process: TaskProcess, { afterMs, how }: Schedule["ends"][number]): () => void {
    const { clock } = this.world;
    if (how !== "cancel") return clock.after(afterMs, () => process.kill());
    const takeBackKill: (() => void)[] = [];
    const takeBack = clock.after(afterMs, () => {
      process.task.controller.abort();
      takeBackKill.push(clock.after(10_000, () => process.kill()));
    });
    return () => {
      takeBack();
      for (const one of takeBackKill) one();
    };
  }

  private async postJob(ledger: LedgerState): Promise<boolean> {
    // The agent starts it a moment later: requests in flight have arrived by then.
    await this.world.clock.sleep(2_000);
    const process = new TaskProcess(this.world, this.core, () => undefined);
    this.processes.push(process);
    const left = await this.core.finish(process.ports(this.port), identity(this.runId), ledger);
    return left.length === 0;
  }

  /** Queues the deploy jobs; refused ones are no jobs. */
  private queueJobs(demand: string): void {
    this.deploy = "inProgress";
    for (let count = 0; count < this.plan.agentCount; count++) {
      const job = this.world.queue({
        runId: this.runId,
        demands: [demand],
        lastsMs: this.plan.jobMs,
        ends: this.plan.jobFails ? "failed" : "succeeded",
      });
      if (job) this.jobs.push(job);
    }
    if (this.jobs.length === 0) this.deploy = "completed";
  }

  /** Waits until the deploy jobs are over; one that no agent can take any more is canceled, as a user would. */
  private async jobsOver(): Promise<void> {
    const { clock } = this.world;
    const patience = clock.now() + small.idleMs + 120_000;
    // The step that watches over the agents, if one does meanwhile.
    const watcher = this.plan.shape === "parallel" ? 1 : this.plan.shape === "watched" ? 2 : Number.POSITIVE_INFINITY;
    while (this.jobs.some((job) => !job.result)) {
      await clock.sleep(5_000);
      if (this.steps.length < watcher && clock.now() < patience) continue;
      for (const job of this.jobs) if (job.agentId === undefined) job.result ??= "canceled";
    }
    this.deploy = "completed";
  }

  async play(): Promise<void> {
    const { plan, world } = this;
    await world.clock.sleep(plan.startsMs);
    if (plan.skipped) this.deploy = "skipped";
    if (plan.shape === "parallel") await this.parallel();
    else await this.handedOver(plan.shape === "watched");
    world.over.add(this.runId);
  }

  private async parallel(): Promise<void> {
    if (!this.plan.skipped) this.queueJobs("EphemeralAgent");
    await Promise.all([this.step(0, "run"), this.jobsOver()]);
  }

  private async handedOver(watched: boolean): Promise<void> {
    const created = await this.step(0, "create", watched ? 0 : small.onlineMs);
    if (created === "succeeded" && !this.plan.skipped) this.queueJobs(`EphemeralAgent.Run -equals ${this.runId}`);
    else this.deploy = "skipped";
    if (watched) await Promise.all([this.step(1, "remove"), this.jobsOver()]);
    else {
      await this.jobsOver();
      await this.step(1, "remove");
    }
  }
}

/** No run of a schedule may take longer. */
const limit = (schedule: Schedule) => 7_200_000 + schedule.runs.length;
export const startOfTime = Date.parse("2026-01-05T08:00:00Z");
