// Azure and Azure DevOps in memory, with the rules that the core depends on: queue rules, busy agents, containers that
// boot, run one job and end. For tests of the core; the real wire is the simulator's business.
import type {
  AgentDefinition,
  AgentPool,
  AgentView,
  ContainerGroupDefinition,
  ContainerHost,
  GroupEvent,
  JobRequest,
  JobResult,
  PipelineRun,
  TimelineRecord,
} from "../../EphemeralAgentTask/src/ports.ts";
import { ServiceFault } from "../../EphemeralAgentTask/src/ports.ts";
import type { VirtualClock } from "./clock.ts";

export interface MemoryRecord {
  readonly id: number;
  readonly name: string;
  version: string;
  online: boolean;
  enabled: boolean;
  capabilities: Record<string, string>;
  systemCapabilities: Record<string, string>;
  assigned?: MemoryJob;
  completed?: MemoryJob;
  /** Reads that still show neither request after the job's end (design §8: the order is unknown). */
  gap: number;
}

export interface MemoryJob {
  readonly requestId: number;
  readonly name: string;
  readonly runId: string;
  readonly demands: readonly string[];
  readonly lastsMs: number;
  readonly ends: JobResult;
  readonly projectId: string;
  agentId?: number;
  result?: JobResult;
  /** How often it was started: more than once is a broken promise. */
  starts: number;
}

export interface MemoryGroup {
  readonly definition: ContainerGroupDefinition;
  readonly created: number;
  tags: Record<string, string>;
  provisioningState: string;
  container?: { state: string; exitCode?: number; detailStatus?: string; restartCount: number };
  events: GroupEvent[];
  log: string;
}

/** How containers behave; a test changes what it is about. */
export interface Behaviour {
  bootMs: number;
  /** What becomes of a new container. */
  fate:
    | "works"
    | "crashes"
    | "never comes online"
    | "cannot be placed"
    | "image cannot be pulled"
    | "dies under the job";
}

const missing = (service: "Azure" | "Azure DevOps", code: string, what: string) =>
  new ServiceFault(service, code, `${what} was not found.`, { status: 404 });

export class World {
  readonly records = new Map<number, MemoryRecord>();
  readonly groups = new Map<string, MemoryGroup>();
  readonly jobs: MemoryJob[] = [];
  timeline: TimelineRecord[] | undefined = [];
  behaviour: Behaviour = { bootMs: 20_000, fate: "works" };
  /** Milliseconds until the service gives up a job whose agent died. */
  lockMs = 600_000;
  private nextId = 1;

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
      ...job,
    };
    if (![...this.records.values()].some((record) => this.meets(record, full))) return undefined;
    this.jobs.push(full);
    this.match();
    return full;
  }

  placeholder(name = "placeholder"): MemoryRecord {
    return this.addRecord(name, { EphemeralAgent: "true" });
  }

  private addRecord(name: string, capabilities: Record<string, string>): MemoryRecord {
    const record: MemoryRecord = {
      id: this.nextId++,
      name,
      version: "4.0.0",
      online: false,
      enabled: true,
      capabilities,
      systemCapabilities: {},
      gap: 0,
    };
    this.records.set(record.id, record);
    return record;
  }

  private meets(record: MemoryRecord, job: MemoryJob): boolean {
    const all = { ...record.systemCapabilities, ...record.capabilities };
    return job.demands.every((demand) => {
      const [name = "", value] = demand.split(" -equals ");
      return value === undefined ? name in all : all[name] === value;
    });
  }

  match(): void {
    for (const job of this.jobs) {
      if (job.agentId !== undefined || job.result) continue;
      for (const record of this.records.values()) {
        if (!record.online || !record.enabled || record.assigned || record.completed || !this.meets(record, job))
          continue;
        this.start(record, job);
        break;
      }
    }
  }

  private start(record: MemoryRecord, job: MemoryJob): void {
    record.assigned = job;
    job.agentId = record.id;
    job.starts++;
    const group = this.groups.get(record.name);
    if (this.behaviour.fate === "dies under the job") {
      this.clock.after(job.lastsMs / 2, () => this.kill(record.name, 137, "OOMKilled"));
      return;
    }
    this.clock.after(job.lastsMs, () => {
      if (group?.container?.state !== "Running" || record.assigned !== job) return;
      this.finish(record, job.ends);
      this.endContainer(group, 0);
    });
  }

  /** The service's side of a job's end. */
  private finish(record: MemoryRecord, result: JobResult): void {
    const job = record.assigned;
    if (!job) return;
    job.result = result;
    record.completed = job;
    delete record.assigned;
    record.gap = 2;
    record.online = false;
  }

  private endContainer(group: MemoryGroup, exitCode: number, detailStatus = "Completed"): void {
    group.container = { state: "Terminated", exitCode, detailStatus, restartCount: 0 };
  }

  /** The container dies; a job on it is given up when its lock runs out. */
  kill(name: string, exitCode: number, detailStatus: string): void {
    const group = this.groups.get(name);
    if (group?.container?.state !== "Running") return;
    this.endContainer(group, exitCode, detailStatus);
    const record = [...this.records.values()].find((one) => one.name === name);
    if (!record) return;
    record.online = false;
    const job = record.assigned;
    if (job) this.clock.after(this.lockMs, () => record.assigned === job && this.finish(record, "abandoned"));
  }

  private event(group: MemoryGroup, name: string, message: string): void {
    group.events.push({
      name,
      message,
      type: "Warning",
      count: 1,
      lastTimestamp: new Date(this.clock.now()).toISOString(),
    });
  }

  private boot(group: MemoryGroup): void {
    const { fate, bootMs } = this.behaviour;
    const name = group.definition.name;
    this.clock.after(bootMs, () => {
      if (this.groups.get(name) !== group) return;
      if (fate === "cannot be placed" || fate === "image cannot be pulled") {
        group.provisioningState = "Failed";
        if (fate === "cannot be placed")
          this.event(group, "InsufficientCapacity.", "The requested resource is not available.");
        else this.event(group, "Failed", `Failed to pull image "${group.definition.image}": manifest unknown`);
        return;
      }
      group.provisioningState = "Succeeded";
      group.container = { state: "Running", restartCount: 0 };
      group.log = "starting the agent\n";
      if (fate === "crashes") this.endContainer(group, 1, "Error");
      if (fate === "crashes" || fate === "never comes online") return;
      const record = [...this.records.values()].find((one) => one.name === name);
      if (!record) return this.endContainer(group, 0);
      record.online = true;
      this.match();
    });
  }

  request(job: MemoryJob): JobRequest {
    return {
      requestId: job.requestId,
      jobId: `job-${job.requestId}`,
      jobName: job.name,
      planId: `plan-${job.runId}`,
      planType: "Build",
      scopeId: job.projectId,
      ownerId: job.runId,
      ownerName: `run ${job.runId}`,
      finished: job.result !== undefined,
      ...(job.agentId === undefined ? {} : { agentId: job.agentId }),
      ...(job.result === undefined ? {} : { result: job.result }),
    };
  }

  private view(record: MemoryRecord): AgentView {
    const hidden = record.completed !== undefined && record.gap > 0;
    if (hidden) record.gap--;
    return {
      id: record.id,
      name: record.name,
      online: record.online,
      enabled: record.enabled,
      capabilities: { ...record.capabilities },
      ...(record.assigned ? { assignedRequest: this.request(record.assigned) } : {}),
      ...(record.completed && !hidden ? { lastCompletedRequest: this.request(record.completed) } : {}),
    };
  }

  /** The pool `agents` over this world. */
  readonly pool: AgentPool = {
    id: 7,
    name: "agents",
    agentPackage: async () => ({
      version: "4.0.0",
      url: "https://example.invalid/agent.tar.gz",
      filename: "agent.tar.gz",
      sha256: "00",
    }),
    register: async (definition: AgentDefinition) => {
      if ([...this.records.values()].some((record) => record.name === definition.name)) {
        throw new ServiceFault("Azure DevOps", "TaskAgentExistsException", `agent ${definition.name} exists`, {
          status: 409,
        });
      }
      const record = this.addRecord(definition.name, {});
      record.systemCapabilities = { ...definition.systemCapabilities };
      return registered(record);
    },
    registerAgain: async (id) => registered(this.recordOf(id)),
    tryCredential: async () => undefined,
    setCapabilities: async (id, capabilities) => {
      this.recordOf(id).capabilities = { ...capabilities };
      this.match();
    },
    get: async (id) => {
      const record = this.records.get(id);
      return record ? this.view(record) : undefined;
    },
    find: async (name) => {
      const record = [...this.records.values()].find((one) => one.name === name);
      return record ? this.view(record) : undefined;
    },
    list: async () => [...this.records.values()].map((record) => this.view(record)),
    disable: async (id) => {
      this.recordOf(id).enabled = false;
    },
    remove: async (id) => {
      const record = this.records.get(id);
      if (!record) return "absent";
      if (record.assigned) return "busy";
      this.records.delete(id);
      return "removed";
    },
    jobRequests: async () => this.jobs.map((job) => this.request(job)),
  };

  private recordOf(id: number): MemoryRecord {
    const record = this.records.get(id);
    if (!record) throw missing("Azure DevOps", "TaskAgentNotFoundException", `agent ${id}`);
    return record;
  }

  readonly host: ContainerHost = {
    location: async () => "westeurope",
    create: async (definition) => {
      const group: MemoryGroup = {
        definition,
        created: this.clock.now(),
        tags: { ...definition.tags },
        provisioningState: "Pending",
        events: [],
        log: "",
      };
      this.groups.set(definition.name, group);
      this.boot(group);
      return groupView(group);
    },
    get: async (name) => {
      const group = this.groups.get(name);
      return group ? groupView(group) : undefined;
    },
    list: async () => [...this.groups.values()].map(groupView),
    remove: async (name) => {
      const group = this.groups.get(name);
      if (!group) return "absent";
      this.kill(name, 137, "Killed");
      this.groups.delete(name);
      return "removed";
    },
    stop: async (name) => this.kill(name, 137, "Stopped"),
    tag: async (name, tags) => {
      const group = this.groups.get(name);
      if (!group) throw missing("Azure", "ResourceNotFound", `container group ${name}`);
      group.tags = { ...tags };
    },
    log: async (name) => this.groups.get(name)?.log ?? "",
  };

  /** Runs that are over. */
  readonly over = new Set<string>();
  readonly run: PipelineRun = { timeline: async () => this.timeline, isOver: async (runId) => this.over.has(runId) };
}

const registered = (record: MemoryRecord) => ({
  id: record.id,
  name: record.name,
  files: { "agent.json": "{}", "credentials.json": "{}", "rsaparams.json": "{}" },
});

const groupView = (group: MemoryGroup) => ({
  id: `/groups/${group.definition.name}`,
  name: group.definition.name,
  tags: { ...group.tags },
  provisioningState: group.provisioningState,
  events: [...group.events],
  ...(group.container ? { container: { ...group.container } } : {}),
});
