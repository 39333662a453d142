// One step of the task in the in-memory world.

import type { Outcome } from "../../EphemeralAgentTask/src/actions/action-result.ts";
import { create } from "../../EphemeralAgentTask/src/actions/create.ts";
import { finish } from "../../EphemeralAgentTask/src/actions/post-job.ts";
import { remove } from "../../EphemeralAgentTask/src/actions/remove.ts";
import { run } from "../../EphemeralAgentTask/src/actions/run.ts";
import { TaskError } from "../../EphemeralAgentTask/src/errors/catalog.ts";
import { toTaskError } from "../../EphemeralAgentTask/src/errors/mapping/error-mapping.ts";
import type { Ports } from "../../EphemeralAgentTask/src/lifecycle/step/step-context.ts";
import type { LedgerState } from "../../EphemeralAgentTask/src/lifecycle/step/write-ahead-ledger.ts";
import { taskId } from "../../EphemeralAgentTask/src/plan/owner-marks.ts";
import type { TimelineRecord } from "../../EphemeralAgentTask/src/ports.ts";
import type { CreateSettings } from "../../EphemeralAgentTask/src/settings/settings.ts";
import { MemoryTask } from "../in-memory/memory-task-host.ts";
import { settings } from "../in-memory/valid-settings.ts";
import { VirtualClock } from "../in-memory/virtual-clock.ts";
import { World } from "../in-memory/world.ts";

export interface Step {
  readonly task: MemoryTask;
  readonly end: Promise<Outcome | { readonly thrown: unknown }>;
}

export class Scenario {
  readonly clock = new VirtualClock();
  readonly world = new World(this.clock);

  step(
    action: "run" | "create" | "remove",
    overrides: Partial<CreateSettings> = {},
    task: MemoryTask = new MemoryTask(),
  ): Step {
    const ports: Ports = { clock: this.clock, task, host: this.world.host, pool: this.world.pool, run: this.world.run };
    const chosen = settings(overrides);
    const work =
      action === "run"
        ? run(ports, chosen, "#!/bin/bash")
        : action === "create"
          ? create(ports, chosen, "#!/bin/bash")
          : remove(ports, chosen);
    const end = work.catch((thrown: unknown) => ({ thrown: toTaskError(thrown) }));
    return { task, end };
  }

  /** What the post-job step says after a process that wrote this down. */
  postJob(ledger: LedgerState): Promise<readonly TaskError[]> {
    const { clock, world } = this;
    const ports: Ports = { clock, task: new MemoryTask(), host: world.host, pool: world.pool, run: world.run };
    return clock.run(finish(ports, settings().run, ledger));
  }

  /** A step of this task in the timeline, in a job of the run. @param finishedAt undefined while it runs */
  taskRecord(jobId: string, finishedAt?: number): void {
    const record = { id: `task-of-${jobId}`, parentId: jobId, type: "Task", name: "EphemeralAgent", taskId };
    this.world.timeline?.push(
      finishedAt === undefined ? { ...record, state: "inProgress" } : { ...record, state: "completed", finishedAt },
    );
  }

  /** Lets the step end and gives what it ended with. */
  async finish(step: Step): Promise<Outcome | { readonly thrown: unknown }> {
    return this.clock.run(step.end);
  }

  /** Records and groups that are left, placeholders aside. */
  get left(): readonly string[] {
    const records = [...this.world.records.values()]
      .map((record) => record.name)
      .filter((name) => name !== "placeholder");
    return [...records, ...this.world.groups.keys()];
  }

  /** The run's timeline with its own job in progress and others as given. */
  timeline(others: Record<string, TimelineRecord["state"] | "skipped" | "failed">, runId = "101"): void {
    const own: TimelineRecord[] = [
      { id: "stage", type: "Stage", name: "Deploy", state: "inProgress" },
      { id: "phase", parentId: "stage", type: "Phase", name: "agent", state: "inProgress" },
      { id: `own-job-${runId}`, parentId: "phase", type: "Job", name: "agent", state: "inProgress" },
    ];
    const records = Object.entries(others).map(([name, state]): TimelineRecord => {
      const phase = { id: `phase-${name}`, parentId: "stage", type: "Phase", name };
      return state === "skipped" || state === "failed"
        ? { ...phase, state: "completed", result: state }
        : { ...phase, state };
    });
    this.world.timeline = [...own, ...records];
  }
}

/** The code of what a step ended with. */
export function codeOf(end: Outcome | { readonly thrown: unknown }): string {
  if ("thrown" in end) return end.thrown instanceof TaskError ? end.thrown.code : String(end.thrown);
  return end.result;
}
