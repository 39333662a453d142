// Azure and Azure DevOps in memory, with the rules that the core depends on: queue rules, busy agents, containers that
// run one job and end. For tests of the core; the real wire is the simulator's business.
import { recordIdOf } from "../../EphemeralAgentTask/src/plan/owner-marks.ts";
import type { CreateAllowance, JobResult, PipelineRun, TimelineRecord } from "../../EphemeralAgentTask/src/ports.ts";
import type { VirtualClock } from "./virtual-clock.ts";
import {
  type Behaviour,
  type MemoryGroup,
  type MemoryJob,
  type MemoryRecord,
  meets,
  type Reading,
  type StandbyState,
  strictReading,
} from "./world-state.ts";

/** The services' own rules, without the ports by which the core reaches them. */
export class WorldRules {
  readonly records = new Map<number, MemoryRecord>();
  readonly groups = new Map<string, MemoryGroup>();
  readonly jobs: MemoryJob[] = [];
  timeline: TimelineRecord[] | undefined = [];
  behaviour: Behaviour = { bootMs: 20_000, fate: "works" };
  /** The one standby pool; undefined when there is none. */
  standby: StandbyState | undefined;
  reading: Reading = { ...strictReading };
  /** What Azure allows; undefined when it does not count. */
  createLimit: Required<CreateAllowance> | undefined;
  /** When groups were created that count. */
  readonly creates: number[] = [];
  /** What was removed, with the time of that: lists may still show it. */
  readonly removedRecords: { readonly record: MemoryRecord; readonly at: number }[] = [];
  readonly removedGroups: { readonly group: MemoryGroup; readonly at: number }[] = [];
  /** Jobs that may run at the same time in self-hosted agents, and the note beside one for which there is no room. */
  parallelJobs = { limit: Number.POSITIVE_INFINITY, note: "" };
  /** Runs that are over. */
  readonly over = new Set<string>();
  /** Promises broken by whoever used this world. */
  readonly broken: string[] = [];
  /** Called when an agent gets a job. */
  onGiven: (record: MemoryRecord, job: MemoryJob) => void = () => undefined;
  /** Called when a job ends, before the record shows it. */
  onEnd: (record: MemoryRecord, job: MemoryJob) => void = () => undefined;
  private nextId = 1;

  readonly run: PipelineRun = { timeline: async () => this.timeline, isOver: async (runId) => this.over.has(runId) };

  constructor(readonly clock: VirtualClock) {}

  /** Queues a job; undefined when no registered agent meets its demands (facts agent-protocol §5). */
  queue(job: Partial<MemoryJob> & { runId: string }): MemoryJob | undefined {
    const full: MemoryJob = {
      requestId: this.nextId++,
      name: "deploy",
      demands: ["EphemeralAgent"],
      lastsMs: 60_000,
      ends: "succeeded",
      projectId: "project-1",
      starts: 0,
      queuedAt: this.clock.now(),
      ...job,
    };
    if (![...this.records.values()].some((record) => meets(record, full))) return undefined;
    this.jobs.push(full);
    this.match();
    return full;
  }

  placeholder(name = "placeholder"): MemoryRecord {
    return this.addRecord(name, { EphemeralAgent: "true" });
  }

  addRecord(name: string, capabilities: Record<string, string>): MemoryRecord {
    const shared = { online: false, enabled: true, systemCapabilities: {}, gap: 0 };
    const madeAt = this.clock.now();
    const record: MemoryRecord = { id: this.nextId++, name, madeAt, capabilities, ...shared };
    this.records.set(record.id, record);
    return record;
  }

  recordNamed(name: string): MemoryRecord | undefined {
    for (const record of this.records.values()) if (record.name === name) return record;
    return undefined;
  }

  /** The record that the group's container has the credential of: the one that was made for it, or that it makes itself. */
  protected recordOf({ definition }: MemoryGroup): MemoryRecord | undefined {
    const id = recordIdOf(definition.tags);
    return id === undefined ? this.recordNamed(definition.name) : this.records.get(id);
  }

  /** True when a deletion is answered and not carried out. */
  get deletesIdly(): boolean {
    if (this.reading.idleDeletes <= 0) return false;
    this.reading.idleDeletes--;
    return true;
  }

  get hasSlot(): boolean {
    return this.jobs.filter((job) => job.agentId !== undefined && !job.result).length < this.parallelJobs.limit;
  }

  match(): void {
    for (const job of this.jobs) {
      if (job.agentId !== undefined || job.result || !this.hasSlot) continue;
      for (const record of this.records.values()) {
        if (!record.online || !record.enabled || record.assigned || !meets(record, job)) continue;
        if (record.completed && !this.reading.assignsToFinished) continue;
        this.start(record, job);
        break;
      }
    }
  }

  private start(record: MemoryRecord, job: MemoryJob): void {
    const stale = record.completed !== undefined;
    record.assigned = job;
    job.agentId = record.id;
    job.assignedAt = this.clock.now();
    this.onGiven(record, job);
    // The listener serves one job; a second one is never begun and only its lock runs out.
    if (stale) {
      this.giveUpLater(record, job);
      return;
    }
    job.starts++;
    const group = this.groups.get(record.name);
    if (group?.fate === "dies under the job") {
      this.clock.after(job.lastsMs / 2, () => this.kill(record.name, 137, "OOMKilled"));
      return;
    }
    this.clock.after(job.lastsMs, () => {
      if (group?.container?.state !== "Running" || record.assigned !== job) return;
      this.finish(record, job.ends);
      if (group.fate === "never ends after its job") return;
      this.clock.after(1_000, () => this.endContainer(group, 0));
    });
  }

  private finish(record: MemoryRecord, result: JobResult): void {
    const job = record.assigned;
    if (!job) return;
    this.onEnd(record, job);
    job.result = result;
    job.endedAt = this.clock.now();
    record.completed = job;
    delete record.assigned;
    record.gap = this.reading.gap;
    // The listener says goodbye a moment later.
    this.clock.after(1_000, () => {
      record.online = false;
    });
    this.match();
  }

  private giveUpLater(record: MemoryRecord, job: MemoryJob): void {
    this.clock.after(this.reading.lockMs, () => {
      if (record.assigned === job) this.finish(record, "abandoned");
    });
  }

  protected endContainer(group: MemoryGroup, exitCode: number, detailStatus = "Completed"): void {
    group.container = { state: "Terminated", exitCode, detailStatus, restartCount: 0 };
  }

  /** The container dies; a job on it is given up when its lock runs out. */
  kill(name: string, exitCode: number, detailStatus: string): void {
    const group = this.groups.get(name);
    if (group?.container?.state !== "Running") return;
    this.endContainer(group, exitCode, detailStatus);
    const record = this.recordOf(group);
    if (!record) return;
    record.online = false;
    if (record.assigned) this.giveUpLater(record, record.assigned);
  }
}
