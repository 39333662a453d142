// One attempt of a run: starts each stage and job when what it depends on is over.
import type { TaskResult } from "../../job-execution/job/job-message.ts";
import type { Attempts } from "../message/job-ids.ts";
import { fixedVariables, runVariables, stageVariables } from "../message/run-variables.ts";
import type { JobDefinition, Pipeline, StageDefinition } from "../pipeline-model.ts";
import { type ConditionInput, shallRun } from "./conditions.ts";
import { ancestorsOf, includes, keyOf } from "./dependencies.ts";
import type { RunContext } from "./run-job.ts";
import { type PhaseEnd, PhaseRun } from "./run-phase.ts";
import { type Ended, overallResult } from "./run-results.ts";

/**
 * One pass over a pipeline's stages and jobs: each begins when what it depends on is over. Jobs that an earlier pass
 * brought to an end that still counts are taken over from it.
 */
export class Attempt {
  readonly #context: RunContext;
  readonly #pipeline: Pipeline;
  readonly #kept: ReadonlyMap<string, PhaseEnd>;
  readonly #attemptsOf: (stage: StageDefinition, job: JobDefinition) => Attempts;
  readonly #jobs = new Map<string, Promise<PhaseEnd>>();
  readonly #stages = new Map<string, Promise<TaskResult>>();
  readonly #running = new Map<string, PhaseRun>();
  readonly #stageResults = new Map<string, TaskResult>();
  /** How every job ended, by key. */
  readonly ends = new Map<string, PhaseEnd>();

  constructor(
    context: RunContext,
    pipeline: Pipeline,
    attemptsOf: (stage: StageDefinition, job: JobDefinition) => Attempts,
    kept: ReadonlyMap<string, PhaseEnd> = new Map(),
  ) {
    this.#context = context;
    this.#pipeline = pipeline;
    this.#attemptsOf = attemptsOf;
    this.#kept = kept;
  }

  /** Runs everything. */
  async carryOut(): Promise<TaskResult> {
    const { stages } = this.#pipeline;
    for (const [index, stage] of stages.entries()) {
      const jobs = stage.jobs.filter((job) => !this.#kept.has(keyOf(stage, job)));
      const attempts = new Map(jobs.map((job) => [job, this.#attemptsOf(stage, job)]));
      if (jobs.length > 0) this.#context.records.begin(stage, index + 1, attempts);
    }
    const results = await Promise.all(stages.map((stage) => this.#stage(stage)));
    return overallResult(results, this.#context.run.cancelRequested.aborted);
  }

  /** Cancels one job, waiting or running. */
  cancelJob(key: string): void {
    this.#running.get(key)?.cancel();
  }

  #isKept(stage: StageDefinition): boolean {
    return stage.jobs.every((job) => this.#kept.has(keyOf(stage, job)));
  }

  #stage(stage: StageDefinition): Promise<TaskResult> {
    const known = this.#stages.get(stage.name);
    if (known !== undefined) return known;
    const result = this.#runStage(stage);
    this.#stages.set(stage.name, result);
    return result;
  }

  async #runStage(stage: StageDefinition): Promise<TaskResult> {
    const ancestors = ancestorsOf(stage, this.#pipeline.stages);
    await Promise.all(ancestors.map((one) => this.#stage(one)));
    const { records } = this.#context;
    const kept = this.#isKept(stage);
    if (!kept && !shallRun(stage.condition, this.#stageInput(stage, ancestors))) {
      for (const job of stage.jobs) {
        records.jobSkipped(stage, job);
        this.ends.set(keyOf(stage, job), { result: "skipped", outputs: {} });
      }
      records.stageEnded(stage, "skipped");
      this.#stageResults.set(stage.name, "skipped");
      return "skipped";
    }
    if (!kept) records.stageStarted(stage);
    const ends = await Promise.all(stage.jobs.map((job) => this.#job(stage, job)));
    const result = overallResult(
      ends.map((end) => end.result),
      false,
    );
    if (!kept) records.stageEnded(stage, result);
    this.#stageResults.set(stage.name, result);
    return result;
  }

  #job(stage: StageDefinition, job: JobDefinition): Promise<PhaseEnd> {
    const key = keyOf(stage, job);
    const known = this.#jobs.get(key);
    if (known !== undefined) return known;
    const kept = this.#kept.get(key);
    const end = kept === undefined ? this.#runJob(stage, job) : Promise.resolve(kept);
    this.#jobs.set(key, end);
    return end.then((ended) => {
      this.ends.set(key, ended);
      return ended;
    });
  }

  async #runJob(stage: StageDefinition, job: JobDefinition): Promise<PhaseEnd> {
    const ancestors = ancestorsOf(job, stage.jobs);
    const input = (): ConditionInput => this.#jobInput(stage, job, ancestors);
    const running = new PhaseRun(this.#context, stage, job, this.#attemptsOf(stage, job), input);
    this.#running.set(keyOf(stage, job), running);
    await Promise.all(ancestors.map((one) => this.#job(stage, one)));
    return running.carryOut();
  }

  #endsOf(stage: StageDefinition, jobs: readonly JobDefinition[]): Map<string, Ended> {
    return new Map(
      jobs.flatMap((job) => {
        const end = this.ends.get(keyOf(stage, job));
        return end === undefined ? [] : [[job.name, end] as const];
      }),
    );
  }

  #jobInput(stage: StageDefinition, job: JobDefinition, ancestors: readonly JobDefinition[]): ConditionInput {
    const direct = ancestors.filter(({ name }) => includes(job.dependsOn, name));
    const stages = this.#pipeline.stages.filter(({ name }) => includes(stage.dependsOn, name));
    return {
      canceled: this.#context.run.cancelRequested.aborted,
      variables: {},
      dependencies: this.#endsOf(stage, direct),
      ancestors: this.#endsOf(stage, ancestors),
      stageDependencies: new Map(stages.map((one) => [one.name, this.#endsOf(one, one.jobs)])),
    };
  }

  #stageInput(stage: StageDefinition, ancestors: readonly StageDefinition[]): ConditionInput {
    const { organization, run, variables } = this.#context;
    const first = stage.jobs[0];
    const attempts = first === undefined ? { stage: 1, job: 1 } : this.#attemptsOf(stage, first);
    const ended = (stages: readonly StageDefinition[]): Map<string, Ended> =>
      new Map(stages.map((one) => [one.name, this.#stageEnd(one)]));
    return {
      canceled: run.cancelRequested.aborted,
      variables: {
        ...fixedVariables([...variables, ...stage.variables]),
        ...runVariables(organization, run),
        ...stageVariables(run.kind, stage, attempts),
      },
      dependencies: ended(ancestors.filter(({ name }) => includes(stage.dependsOn, name))),
      ancestors: ended(ancestors),
    };
  }

  /** A stage as another stage's condition sees it: outputs are `job.step.variable`. */
  #stageEnd(stage: StageDefinition): Ended {
    const outputs = stage.jobs.flatMap((job) =>
      Object.entries(this.ends.get(keyOf(stage, job))?.outputs ?? {}).map(
        ([name, value]) => [`${job.name}.${name}`, value] as const,
      ),
    );
    return { result: this.#stageResults.get(stage.name) ?? "skipped", outputs: Object.fromEntries(outputs) };
  }
}
