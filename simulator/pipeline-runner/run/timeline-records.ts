// The timeline records of stages, phases and jobs.
import type { Run } from "../../devops/runs/runs.ts";
import type { TaskResult } from "../../job-execution/job/job-message.ts";
import { type Attempts, idOf, jobIdentifier, phaseIdentifier } from "../message/job-ids.ts";
import type { JobDefinition, StageDefinition } from "../pipeline-model.ts";

const now = (): string => new Date().toISOString();

/**
 * The records of stages, phases and jobs. A phase that waits for another is `pending`; once its job is queued it is
 * `inProgress`, and the job stays `pending` until an agent takes it. (A guess: no recorded timeline of a queued job was
 * at hand. Nothing but the phase tells a waiting job from a queued one.)
 */
export class Records {
  readonly #run: Run;

  constructor(run: Run) {
    this.#run = run;
  }

  /**
   * Puts a stage and those of its jobs that shall run on the timeline, as `pending`. Of a job's earlier try nothing
   * stays: the service keeps that on a timeline of its own.
   */
  begin(stage: StageDefinition, order: number, jobs: ReadonlyMap<JobDefinition, Attempts>): void {
    const attempt = [...jobs.values()][0]?.stage ?? 1;
    this.#run.timeline.remove(idOf(stage.name, 1));
    this.#run.record({
      id: idOf(stage.name, 1),
      parentId: null,
      type: "Stage",
      name: stage.displayName,
      refName: stage.name,
      identifier: stage.name,
      attempt,
      order,
      state: "pending",
    });
    for (const [job, attempts] of jobs) {
      this.#removeBelow(this.#phaseId(stage, job));
      this.#run.record({
        id: this.#phaseId(stage, job),
        parentId: idOf(stage.name, 1),
        type: "Phase",
        name: job.displayName,
        refName: job.name,
        identifier: phaseIdentifier(stage.name, job.name),
        attempt: attempts.job,
        order: stage.jobs.indexOf(job) + 1,
        state: "pending",
      });
    }
  }

  stageStarted(stage: StageDefinition): void {
    this.#run.record({ id: idOf(stage.name, 1), state: "inProgress", startTime: now() });
  }

  stageEnded(stage: StageDefinition, result: TaskResult): void {
    this.#run.record({ id: idOf(stage.name, 1), state: "completed", result, finishTime: now() });
  }

  phaseStarted(stage: StageDefinition, phase: JobDefinition): void {
    this.#run.record({ id: this.#phaseId(stage, phase), state: "inProgress", startTime: now() });
  }

  phaseEnded(stage: StageDefinition, phase: JobDefinition, result: TaskResult): void {
    this.#run.record({ id: this.#phaseId(stage, phase), state: "completed", result, finishTime: now() });
  }

  jobQueued(stage: StageDefinition, job: JobDefinition, attempts: Attempts): void {
    this.#run.record({
      id: this.jobId(stage, job, attempts),
      parentId: this.#phaseId(stage, job),
      type: "Job",
      name: `${job.displayName}${job.instance.suffix}`,
      refName: job.instance.name,
      identifier: jobIdentifier(stage.name, job.name, job.instance.name),
      attempt: attempts.job,
      order: job.instance.position,
      state: "pending",
    });
  }

  /** @param problem what the service has to say of it, shown as the job's error. */
  jobEnded(
    stage: StageDefinition,
    job: JobDefinition,
    attempts: Attempts,
    ending: { result: TaskResult; problem?: string | undefined },
  ): void {
    const { result, problem } = ending;
    const id = this.jobId(stage, job, attempts);
    const finished = { state: "completed", result, finishTime: now() } as const;
    const issues = this.#run.timeline.find(id)?.issues ?? [];
    this.#run.record({
      id,
      ...finished,
      ...(problem === undefined ? {} : { issues: [...issues, { type: "error", message: problem }] }),
    });
    if (problem !== undefined) this.#run.lines(id, [`##[error]${problem}`]);
  }

  /** A skipped phase never gets a job. */
  jobSkipped(stage: StageDefinition, job: JobDefinition): void {
    this.#run.record({ id: this.#phaseId(stage, job), state: "completed", result: "skipped", finishTime: now() });
  }

  jobId(stage: StageDefinition, job: JobDefinition, attempts: Attempts): string {
    return idOf(jobIdentifier(stage.name, job.name, job.instance.name), attempts.job);
  }

  #removeBelow(id: string): void {
    for (const record of this.#run.timeline.records()) if (record.parentId === id) this.#removeBelow(record.id);
    this.#run.timeline.remove(id);
  }

  #phaseId(stage: StageDefinition, job: JobDefinition): string {
    return idOf(phaseIdentifier(stage.name, job.name), 1);
  }
}
