// What a step tells of its agents, for machines: the JSON of an attachment of type `ephemeral-agent`. The tab on a run's
// results reads it. The tab shares this file with the task, and `visible` of escape.ts, so that both show hidden characters
// alike; nothing else.

/** Type of the attachment, for `task.addattachment` and the Build API. */
export const attachmentType = "ephemeral-agent";

/** In the order in which an agent goes through them; one that was not seen is left out. */
export const phaseNames = [
  "registered",
  "requested",
  "pulled",
  "started",
  "online",
  "assigned",
  "finished",
  "unregistered",
  "deleted",
] as const;
export type PhaseName = (typeof phaseNames)[number];

/** Something that happened, and when: ISO 8601, UTC, by the services' clock. */
export interface PhaseRecord {
  readonly name: PhaseName;
  readonly at: string;
}

/** A failure as it was told. */
export interface ErrorRecord {
  /** Of the catalog, such as `EA401`. */
  readonly code: string;
  readonly title: string;
  readonly cause: string;
  readonly next: string;
}

export interface EventRecord {
  readonly at: string;
  readonly type: string;
  readonly name: string;
  readonly message: string;
  readonly count: number;
}

/** An estimate: what was billed is known to Azure only. */
export interface CostRecord {
  readonly currency: string;
  readonly amount: number;
  readonly vcpuSeconds: number;
  readonly gbSeconds: number;
  /** Date of the prices, `YYYY-MM-DD`. */
  readonly pricesOf: string;
}

interface JobRecord {
  readonly id?: string;
  /** Empty when nothing told it. */
  readonly name: string;
  /** Name of the run that it belongs to, where its own is not known. */
  readonly run?: string;
  readonly result?: string;
}

/** What a page calls a job. */
export const jobTitle = ({ name, run = "" }: JobRecord): string =>
  name !== "" ? name : run === "" ? "a job" : `a job of run ${run}`;

export interface AgentRecord {
  readonly name: string;
  readonly id?: number;
  readonly pool: string;
  readonly place?: {
    readonly region: string;
    readonly subnet?: string;
    readonly resourceGroup: string;
    readonly cpu: number;
    readonly memoryInGB: number;
    readonly image: string;
  };
  readonly phases: readonly PhaseRecord[];
  readonly job?: JobRecord;
  /** Name of the agent that this one was made in place of. */
  readonly replaces?: string;
  /** Who waited for whom, in seconds; left out until the job has begun. */
  readonly waited?: { readonly who: "job" | "agent"; readonly seconds: number };
  readonly result: "waiting" | "served" | "unneeded" | "failed" | "canceled";
  readonly cost?: CostRecord;
  readonly error?: ErrorRecord;
  readonly events?: readonly EventRecord[];
  /** End of the container's log. */
  readonly log?: string;
}

/** One line of a sweep or a check. */
export interface LineRecord {
  readonly subject: string;
  readonly result: string;
  readonly text: string;
}

export interface StepRecord {
  readonly version: 1;
  readonly action: "run" | "create" | "remove" | "sweep" | "check";
  readonly runId: string;
  readonly stage: string;
  readonly attempt: string;
  readonly began: string;
  readonly ended: string;
  readonly result: "succeeded" | "succeededWithIssues" | "failed" | "canceled";
  readonly error?: ErrorRecord;
  readonly agents: readonly AgentRecord[];
  /** Of `sweep` and `check`. */
  readonly lines?: readonly LineRecord[];
}
