// One step while it runs: its timeline record, log and result.
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import type { TimelineRecord } from "../../devops/runs/timeline-record.ts";
import type { JobVariable, TaskResult } from "../job/job-message.ts";
import type { JobState } from "../job/job-state.ts";
import type { TaskDefinition } from "../tasks/task-definition.ts";
import type { TaskState } from "../tasks/task-environment.ts";
import { type Restrictions, restrictionsOf } from "../tasks/task-restrictions.ts";

/** Issues of one kind that a record shows; more are only logged (facts task-conventions §2.2). */
const MAX_ISSUES = 10;

interface StepIdentity {
  /** Of the timeline record; the main stage's record has the step's own id. */
  readonly recordId: string;
  readonly stepId: string;
  readonly refName: string;
  readonly name: string;
  readonly order: number;
}

type Issue = NonNullable<TimelineRecord["issues"]>[number];

/** One step's timeline record, log and result while it runs, and what its output may change. */
const versionOf = ({ version: { Major, Minor, Patch } }: TaskDefinition) => `${Major}.${Minor}.${Patch}`;

export class StepContext {
  readonly job: JobState;
  readonly identity: StepIdentity;
  readonly restrictions: Restrictions;
  /** Cancels the step: by its own time limit, or by the job when its condition no longer holds. */
  readonly abort = new AbortController();
  result: TaskResult | undefined;
  /** The worst that a logging command's own failure made of it. */
  commandResult: TaskResult | undefined;
  /** Settles when the task said it is done although its process may go on (`task.complete done=true`). */
  readonly declaredDone: Promise<void>;
  declareDone: () => void = () => undefined;
  readonly #declaredOutputs: ReadonlySet<string>;
  readonly #issues: Issue[] = [];
  readonly #issueCounts = { error: 0, warning: 0 };
  readonly #attachments: { type: string; name: string; path: string }[] = [];
  readonly #outputs: Record<string, JobVariable> = {};
  #percent = 0;

  constructor(job: JobState, identity: StepIdentity, definition?: TaskDefinition) {
    this.job = job;
    this.identity = identity;
    this.restrictions = restrictionsOf(definition);
    this.#declaredOutputs = new Set((definition?.outputVariables ?? []).map(({ name }) => name.toLowerCase()));
    this.declaredDone = new Promise((resolve) => {
      this.declareDone = resolve;
    });
    this.#record({
      parentId: job.message.jobId,
      type: "Task",
      name: identity.name,
      refName: identity.refName,
      ...(definition ? { task: { id: definition.id, name: definition.name, version: versionOf(definition) } } : {}),
      order: identity.order,
      attempt: 1,
      state: "pending",
    });
  }

  start(): void {
    this.#record({ state: "inProgress", startTime: new Date().toISOString(), workerName: this.job.options.agentName });
  }

  complete(result: TaskResult): void {
    this.result = result;
    for (const { type, name, path } of this.#attachments) this.#attach(type, name, path);
    this.#record({ state: "completed", result, finishTime: new Date().toISOString(), percentComplete: 100 });
  }

  /** Adds to the log, secrets masked. */
  output(text: string): void {
    const lines = this.job.masker.mask(text).split(/\r?\n/);
    this.job.options.reporter.lines(this.identity.recordId, lines);
  }

  /** Shown only when the run has `System.Debug`. */
  debug(text: string): void {
    if (this.job.variables.get("System.Debug")?.toLowerCase() === "true") this.output(`##[debug]${text}`);
  }

  warning(message: string): void {
    this.issue("warning", message);
  }

  error(message: string): void {
    this.issue("error", message);
  }

  issue(type: Issue["type"], message: string, data: Readonly<Record<string, string>> = {}): void {
    const masked = this.job.masker.mask(message);
    if (message !== "") this.output(`##[${type}]${message}`);
    this.#issueCounts[type] += 1;
    if (this.#issueCounts[type] > MAX_ISSUES) return;
    const maskedData = Object.entries(data).map(([key, value]) => [key, this.job.masker.mask(value)]);
    this.#issues.push({ type, message: masked, data: Object.fromEntries(maskedData) });
    this.#record({ issues: [...this.#issues] });
  }

  progress(percent: number, currentOperation: string): void {
    this.#percent = Math.max(this.#percent, percent);
    this.#record({ percentComplete: this.#percent, currentOperation: this.job.masker.mask(currentOperation) });
  }

  /** Sets a job variable, or an output variable when asked for or declared in `task.json`. */
  setVariable(name: string, value: string, flags: { secret: boolean; output: boolean; readOnly: boolean }): void {
    const { variables, outputs } = this.job;
    if (!flags.output && !this.#declaredOutputs.has(name.toLowerCase())) {
      variables.set(name, value, flags);
      return;
    }
    const key = `${this.identity.refName}.${name}`;
    variables.set(key, value, { secret: flags.secret, readOnly: true });
    outputs[key] = { value, isSecret: flags.secret };
    // This is how others get it (facts agent-protocol §12).
    this.#outputs[name] = { value, isSecret: flags.secret };
    this.#record({ variables: { ...this.#outputs } });
  }

  get taskVariables(): Map<string, TaskState> {
    const existing = this.job.taskVariables.get(this.identity.stepId) ?? new Map<string, TaskState>();
    this.job.taskVariables.set(this.identity.stepId, existing);
    return existing;
  }

  /** Uploads a file once the step is over: the agent reads it some time after it saw the command. */
  attachFile(type: string, name: string, path: string): void {
    this.#attachments.push({ type, name: name || basename(path), path });
  }

  #attach(type: string, name: string, path: string): void {
    try {
      const content = this.job.masker.mask(readFileSync(path, "utf8"));
      this.job.options.reporter.attach?.(this.identity.recordId, { type, name, content });
    } catch (error) {
      this.warning(`Cannot upload '${path}': ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  #record(patch: Partial<TimelineRecord>): void {
    this.job.options.reporter.record({ ...patch, id: this.identity.recordId });
  }
}
