// The runs of the organization's pipelines.
import { randomUUID } from "node:crypto";
import { serviceTime } from "../jobs/time-format.ts";
import type { JobReporter, TimelineRecord } from "./timeline-record.ts";
import { TimelineStore } from "./timeline-store.ts";

export interface Project {
  readonly id: string;
  readonly name: string;
}

export interface Definition {
  readonly id: number;
  readonly name: string;
}

export type RunKind = "Build" | "Release";
type RunStatus = "notStarted" | "inProgress" | "cancelling" | "completed";
type RunResult = "succeeded" | "partiallySucceeded" | "failed" | "canceled";

export type RunChange =
  | { readonly kind: "status"; readonly status: RunStatus; readonly result: RunResult | undefined }
  | { readonly kind: "record"; readonly record: TimelineRecord }
  | { readonly kind: "lines"; readonly recordId: string; readonly lines: readonly string[] };

/** A file that a task attached to its record. */
export interface Attachment {
  readonly timelineId: string;
  readonly recordId: string;
  /** `Distributedtask.Core.Summary` for instance. */
  readonly type: string;
  readonly name: string;
  readonly content: Buffer;
  readonly createdOn: string;
}

export interface NewRun {
  /** Name or id of a project of the organization. */
  readonly project: string;
  readonly definition: Definition;
  readonly kind: RunKind;
}

/** One run of a pipeline. Its `id` is `Build.BuildId` or `Release.ReleaseId`; ids of a kind rise from run to run. */
export class Run implements JobReporter {
  readonly kind: RunKind;
  readonly id: number;
  /** The build number, or the release's name. */
  readonly name: string;
  readonly project: Project;
  readonly definition: Definition;
  readonly planId: string = randomUUID();
  readonly timeline: TimelineStore = new TimelineStore(randomUUID());
  readonly queueTime: string = serviceTime();
  readonly #timelines: TimelineStore[] = [this.timeline];
  readonly #attachments: Attachment[] = [];
  startTime?: string;
  finishTime?: string;
  readonly #listeners = new Set<(change: RunChange) => void>();
  #cancel = new AbortController();
  #status: RunStatus = "notStarted";
  #result: RunResult | undefined;

  constructor(kind: RunKind, id: number, project: Project, definition: Definition) {
    this.kind = kind;
    this.id = id;
    this.project = project;
    this.definition = definition;
    this.name = kind === "Build" ? `${this.queueTime.slice(0, 10).replaceAll("-", "")}.${id}` : `Release-${id}`;
  }

  get timelineId(): string {
    return this.timeline.id;
  }

  get status(): RunStatus {
    return this.#status;
  }

  get result(): RunResult | undefined {
    return this.#result;
  }

  /** Aborted when somebody cancels the run, here or over the build API. Whoever carries the run out listens to it. */
  get cancelRequested(): AbortSignal {
    return this.#cancel.signal;
  }

  /** Its own and those that workers made besides. */
  timelines(): readonly TimelineStore[] {
    return this.#timelines;
  }

  /** Another timeline of the plan, or the one that there is of that id. */
  addTimeline(id: string): TimelineStore {
    const known = this.#timelines.find((timeline) => timeline.id.toLowerCase() === id.toLowerCase());
    if (known !== undefined) return known;
    const added = new TimelineStore(id.toLowerCase());
    this.#timelines.push(added);
    return added;
  }

  get attachments(): readonly Attachment[] {
    return this.#attachments;
  }

  addAttachment(attachment: Attachment): void {
    this.#attachments.push(attachment);
  }

  attach(recordId: string, { type, name, content }: { type: string; name: string; content: string }): void {
    const createdOn = serviceTime();
    const { timelineId } = this;
    this.addAttachment({ timelineId, recordId, type, name, content: Buffer.from(content), createdOn });
  }

  start(): void {
    if (this.#status !== "notStarted") return;
    this.startTime = serviceTime();
    this.#change("inProgress");
  }

  /** Another attempt of a completed run: same id, same plan, no longer canceled. */
  restart(): void {
    if (this.#status !== "completed") throw new Error(`Run ${this.id} is still ${this.#status}.`);
    this.#cancel = new AbortController();
    this.#result = undefined;
    delete this.finishTime;
    this.#change("inProgress");
  }

  cancel(): void {
    if (this.#status === "completed" || this.#cancel.signal.aborted) return;
    this.#change("cancelling");
    this.#cancel.abort();
  }

  complete(result: RunResult): void {
    if (this.#status === "completed") return;
    this.finishTime = serviceTime();
    this.#result = result;
    this.#change("completed");
  }

  /** Tells of every change from now on. Returns how to stop listening. */
  onChange(listener: (change: RunChange) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  record(patch: Partial<TimelineRecord> & { id: string }): TimelineRecord {
    const record = this.timeline.merge(patch);
    this.#tell({ kind: "record", record });
    return record;
  }

  lines(recordId: string, lines: readonly string[]): void {
    if (lines.length === 0) return;
    this.timeline.append(recordId, lines);
    this.#tell({ kind: "lines", recordId, lines });
  }

  #change(status: RunStatus): void {
    this.#status = status;
    this.#tell({ kind: "status", status, result: this.#result });
  }

  #tell(change: RunChange): void {
    for (const listener of [...this.#listeners]) listener(change);
  }
}

/** Every run of an organization. */
export class Runs {
  readonly projects: readonly Project[];
  readonly #runs: Run[] = [];
  readonly #lastId: Record<RunKind, number> = { Build: 0, Release: 0 };

  constructor(projectNames: readonly string[]) {
    this.projects = projectNames.map((name) => ({ id: randomUUID(), name }));
  }

  /** @throws Error when the organization has no such project. */
  create({ project: nameOrId, definition, kind }: NewRun): Run {
    const project = this.project(nameOrId);
    if (project === undefined) throw new Error(`The organization has no project ${nameOrId}.`);
    this.#lastId[kind] += 1;
    const run = new Run(kind, this.#lastId[kind], project, definition);
    this.#runs.push(run);
    return run;
  }

  project(nameOrId: string): Project | undefined {
    const wanted = nameOrId.toLowerCase();
    return this.projects.find(({ id, name }) => id === wanted || name.toLowerCase() === wanted);
  }

  builds(projectId: string): Run[] {
    return this.#runs.filter((run) => run.kind === "Build" && run.project.id === projectId);
  }

  ofPlan(planId: string): Run | undefined {
    return this.#runs.find((run) => run.planId === planId.toLowerCase());
  }
}
