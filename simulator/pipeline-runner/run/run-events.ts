// Collects what happens to the jobs of a run.
import type { Run, RunChange } from "../../devops/runs/runs.ts";
import type { TaskResult } from "../../job-execution/job/job-message.ts";
import type { JobEnd } from "./run-job.ts";
import type { JobReport } from "./run-results.ts";

/** What happens to a job, as it happens. */
export type RunEvent =
  | { readonly kind: "job"; readonly job: string; readonly state: "queued" }
  | { readonly kind: "job"; readonly job: string; readonly state: "running"; readonly agentName: string }
  | { readonly kind: "job"; readonly job: string; readonly state: "completed"; readonly result: TaskResult }
  | { readonly kind: "line"; readonly job: string; readonly line: string };

/** Follows a run's timeline: who printed what, and how far each job is. */
export class RunLog {
  readonly #run: Run;
  readonly #names = new Map<string, string>();
  readonly #lines = new Map<string, string[]>();
  readonly #states = new Map<string, string>();
  /** Phases of several jobs. */
  readonly #several = new Set<string>();
  readonly #onEvent: (event: RunEvent) => void;

  constructor(run: Run, onEvent: (event: RunEvent) => void) {
    this.#run = run;
    this.#onEvent = onEvent;
    run.onChange((change) => this.#change(change));
  }

  /**
   * Says which job the record of an id belongs to. Phases are followed too, since a skipped one has nothing else.
   * @param several the phase has several jobs, each of which ends by itself
   */
  follow(job: string, id: string, several = false): void {
    this.#names.set(id, job);
    this.#states.delete(id);
    if (several) this.#several.add(id);
  }

  /** A job's report out of its records and how it ended. */
  report(jobId: string, end: JobEnd): JobReport {
    const records = this.#run.timeline.records().filter(({ id, parentId }) => id === jobId || parentId === jobId);
    return {
      result: end.result,
      outputs: end.outputs,
      agentName: end.agentName,
      log: this.#lines.get(jobId) ?? [],
      issues: records.flatMap(({ issues = [] }) => issues.map(({ type, message }) => ({ type, message }))),
    };
  }

  #change(change: RunChange): void {
    if (change.kind === "lines") {
      const jobId = this.#jobIdOf(change.recordId);
      const job = this.#names.get(jobId);
      if (job === undefined) return;
      const kept = this.#lines.get(jobId) ?? [];
      kept.push(...change.lines);
      this.#lines.set(jobId, kept);
      for (const line of change.lines) this.#onEvent({ kind: "line", job, line });
    } else if (change.kind === "record") this.#record(change.record);
  }

  #record({ id, type, state, result, workerName }: Extract<RunChange, { kind: "record" }>["record"]): void {
    const job = this.#names.get(id);
    if (job === undefined || this.#states.get(id) === state) return;
    this.#states.set(id, state);
    const ends = type === "Phase" ? !this.#several.has(id) || result === "skipped" : this.#isOneOfSeveral(id);
    if (ends && state === "completed") this.#onEvent({ kind: "job", job, state, result: result ?? "failed" });
    if (type !== "Job") return;
    if (state === "pending") this.#onEvent({ kind: "job", job, state: "queued" });
    if (state === "inProgress") this.#onEvent({ kind: "job", job, state: "running", agentName: workerName ?? "" });
  }

  #isOneOfSeveral(jobId: string): boolean {
    return this.#several.has(this.#run.timeline.find(jobId)?.parentId ?? "");
  }

  #jobIdOf(recordId: string): string {
    if (this.#names.has(recordId)) return recordId;
    return this.#run.timeline.find(recordId)?.parentId ?? recordId;
  }
}
