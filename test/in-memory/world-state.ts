// What is in the in-memory world: records, jobs, groups, and how its services behave.

import type { StandbyPoolView } from "../../EphemeralAgentTask/src/ports/standby-pool.ts";
import type {
  ContainerGroupDefinition,
  ContainerState,
  GroupEvent,
  JobResult,
} from "../../EphemeralAgentTask/src/ports.ts";

export interface MemoryRecord {
  readonly id: number;
  readonly name: string;
  readonly madeAt: number;
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
  /** `Build` when left out. */
  readonly planType?: string;
  readonly queuedAt: number;
  agentId?: number;
  assignedAt?: number;
  endedAt?: number;
  result?: JobResult;
  /** How often it was started: more than once is a broken promise. */
  starts: number;
}

export interface MemoryGroup {
  readonly madeAt: number;
  readonly definition: ContainerGroupDefinition;
  tags: Record<string, string>;
  provisioningState: string;
  container?: ContainerState;
  events: GroupEvent[];
  log: string;
  /** How this one's container behaves. */
  readonly fate: Fate;
}

export type Fate =
  | "works"
  | "crashes"
  | "never comes online"
  | "cannot be placed"
  | "image cannot be pulled"
  | "dies under the job"
  | "dies while idle"
  | "restarts before its job"
  | "updates itself first"
  | "never ends after its job"
  /** What `Behaviour.story` says. */
  | "tells a story";

/** What a group shows from the end of its boot time on, in place of an agent. */
export interface Story {
  readonly provisioningState?: string;
  readonly container?: ContainerState;
  readonly events?: readonly Pick<GroupEvent, "name" | "message" | "type">[];
  readonly log?: string;
}

/** How containers behave; a test changes what it is about. */
export interface Behaviour {
  bootMs: number;
  fate: Fate;
  story?: Story;
}

/** Where the services could be stricter or laxer than known (design §8). */
export interface Reading {
  /** Reads after a job's end that show neither request. */
  gap: number;
  /** Milliseconds until the service gives up a job whose agent died. */
  lockMs: number;
  /** The service refuses to remove a record with a job on it. */
  protectsBusy: boolean;
  /** Milliseconds that lists are behind: of records, groups and jobs. */
  listLagMs: number;
  /** Milliseconds after it was made that a read of a record or a group answers 404. */
  unseenMs: number;
  /** Milliseconds that a read of a group still shows it after its deletion. */
  lingerMs: number;
  /** So many deletions, of records and groups in turn, are answered and not carried out. */
  idleDeletes: number;
  /** The service may give a second job to an enabled agent that has just finished (facts agent-protocol §2.4). */
  assignsToFinished: boolean;
}

/** The stricter one wherever it is not known. */
export const strictReading: Reading = {
  gap: 2,
  lockMs: 600_000,
  protectsBusy: true,
  assignsToFinished: false,
  listLagMs: 0,
  unseenMs: 0,
  lingerMs: 0,
  idleDeletes: 0,
};

/** A standby pool and what comes out of it. */
export interface StandbyState {
  /** Containers that wait. */
  ready: number;
  /** Milliseconds until another one waits in the place of one that was claimed. */
  refillMs: number;
  /** Milliseconds from a claim to the listener. */
  bootMs: number;
  /** How claimed containers behave; as others when left out. */
  fate?: Fate;
  /** What its profile has otherwise than the tests' settings. */
  profile?: { readonly [Name in keyof StandbyPoolView]?: StandbyPoolView[Name] | undefined };
}

/** The limits that the group's start file or its environment names, in milliseconds. */
export function limitsOf(definition: ContainerGroupDefinition): { idle: number; lifetime: number } {
  const secret = definition.volumes.find((volume) => volume.kind === "secret");
  const text = secret?.kind === "secret" ? (secret.files["start.env"] ?? "") : "";
  const { environment } = definition;
  const seconds = (name: string) =>
    Number(environment[`EPHEMERAL_${name}`] ?? new RegExp(`^${name}=(\\d+)$`, "m").exec(text)?.[1] ?? "0");
  return { idle: seconds("IDLE_SECONDS") * 1000, lifetime: seconds("LIFETIME_SECONDS") * 1000 };
}

/** The queue's rule for demands: `Name`, or `Name -equals Value`. */
export function meets(record: MemoryRecord, job: MemoryJob): boolean {
  return job.demands.every((demand) => {
    const [name = "", value] = demand.split(" -equals ");
    const has = record.capabilities[name] ?? record.systemCapabilities[name];
    return value === undefined ? has !== undefined : has === value;
  });
}
