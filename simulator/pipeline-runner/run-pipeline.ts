// Runs a pipeline from its file to its result.
import type { PoolRole } from "../devops/identity/identities.ts";
import type { Organization } from "../devops/organization.ts";
import type { Run, RunKind } from "../devops/runs/runs.ts";
import type { Endpoint, TaskResult } from "../job-execution/job/job-message.ts";
import { type Attempts, idOf, jobIdentifier, phaseIdentifier } from "./message/job-ids.ts";
import { knownBeforeRun } from "./message/run-variables.ts";
import { type JobDefinition, jobsOf, type Pipeline, type StageDefinition } from "./pipeline-model.ts";
import { keyOf } from "./run/dependencies.ts";
import { failedAndAfter, type Place, placesOf, stageAndAfter } from "./run/rerun-selection.ts";
import { Attempt } from "./run/run-attempt.ts";
import { type RunEvent, RunLog } from "./run/run-events.ts";
import type { RunContext } from "./run/run-job.ts";
import type { PhaseEnd } from "./run/run-phase.ts";
import type { RunReport } from "./run/run-results.ts";
import { Records } from "./run/timeline-records.ts";
import type { TemplateFiles } from "./templates/template-files.ts";
import { checkPipeline } from "./validation/validate-pipeline.ts";
import { readPipeline } from "./yaml/read-pipeline.ts";

export interface RunOptions {
  /** Content of the pipeline file. */
  readonly yaml: string;
  /** Where its templates are; it has none when left out. */
  readonly files?: TemplateFiles;
  /** Parameters given when the run is queued. */
  readonly parameters?: Readonly<Record<string, string>>;
  readonly organization: Organization;
  /** Known to the project by name. */
  readonly serviceConnections: readonly Endpoint[];
  /** Installed tasks: name to the folder with `task.json`. */
  readonly taskFolders: Readonly<Record<string, string>>;
  /** What Microsoft-hosted machines run tasks with; this process's node by default. */
  readonly nodePath?: string;
  /** What Microsoft-hosted machines have in their environment, e.g. `NODE_EXTRA_CA_CERTS`. */
  readonly environment?: Readonly<Record<string, string>>;
  /** The organization's first by default. */
  readonly project?: string;
  readonly definition?: { readonly id: number; readonly name: string };
  /**
   * `Build` when left out. `Release` makes a classic release of the same stages and jobs, all on one plan, where the
   * service has one for each job.
   */
  readonly kind?: RunKind;
  /** Variables given when the run is queued; they override those of the file's root. */
  readonly variables?: Readonly<Record<string, string>>;
  /** The job token's role in the pools; the build service's own when left out. */
  readonly poolRole?: PoolRole | null;
  readonly onEvent?: (event: RunEvent) => void;
  /** Told the id of each process that a step on a Microsoft-hosted machine starts. */
  readonly onProcess?: (pid: number) => void;
}

export interface PipelineRun {
  /** `Build.BuildId`. */
  readonly id: number;
  readonly run: Run;
  /** How the first attempt ended. */
  readonly done: Promise<RunReport>;
  cancel(): void;
  /** Cancels one job by its name, `stage.job` where two stages have one of that name. */
  cancelJob(name: string): void;
  /** "Re-run failed jobs": those that failed or were canceled, and what depends on them; the rest keeps its result. */
  rerunFailed(): Promise<RunReport>;
  /** "Re-run stage": all jobs of it, and the stages after it. */
  rerunStage(name: string): Promise<RunReport>;
}

const RESULTS = { succeededWithIssues: "partiallySucceeded", abandoned: "failed", skipped: "succeeded" } as const;

class RunningPipeline implements PipelineRun {
  readonly run: Run;
  readonly done: Promise<RunReport>;
  readonly #pipeline: Pipeline;
  readonly #places: readonly Place[];
  readonly #context: RunContext;
  readonly #log: RunLog;
  readonly #attempts = new Map<string, { stage: number; job: number }>();
  #current: Attempt;
  #ends: ReadonlyMap<string, PhaseEnd> = new Map();

  constructor(pipeline: Pipeline, context: RunContext, onEvent: (event: RunEvent) => void) {
    this.#pipeline = pipeline;
    this.#places = placesOf(pipeline);
    this.#context = context;
    this.run = context.run;
    this.#log = new RunLog(context.run, onEvent);
    this.run.start();
    this.#current = this.#next(new Map());
    this.done = this.#carryOut();
  }

  get id(): number {
    return this.run.id;
  }

  cancel(): void {
    this.run.cancel();
  }

  cancelJob(name: string): void {
    const place = this.#places.find((one) => one.name.toLowerCase() === name.toLowerCase());
    if (place === undefined) throw new Error(`The run has no job ${name}.`);
    this.#current.cancelJob(place.key);
  }

  async rerunFailed(): Promise<RunReport> {
    await this.done;
    return this.#rerun(failedAndAfter(this.#pipeline, this.#places, (key) => isGood(this.#ends.get(key)?.result)));
  }

  async rerunStage(name: string): Promise<RunReport> {
    await this.done;
    const again = stageAndAfter(this.#pipeline, this.#places, name);
    if (again.length === 0) throw new Error(`The run has no stage ${name}.`);
    return this.#rerun(again);
  }

  #rerun(again: readonly Place[]): Promise<RunReport> {
    const kept = new Map([...this.#ends].filter(([key]) => !again.some((place) => place.key === key)));
    this.run.restart();
    this.#current = this.#next(kept);
    return this.#carryOut();
  }

  /** Counts the attempts of what will run, and prepares it. */
  #next(kept: ReadonlyMap<string, PhaseEnd>): Attempt {
    const running = this.#places.filter(({ key }) => !kept.has(key));
    const stages = new Set(running.map(({ stage }) => stage));
    for (const stage of stages) {
      const before = this.#places
        .filter((place) => place.stage === stage)
        .map(({ key }) => this.#attempts.get(key)?.stage ?? 0);
      const attempt = Math.max(...before) + 1;
      for (const { key } of running.filter((place) => place.stage === stage))
        this.#attempts.set(key, { stage: attempt, job: (this.#attempts.get(key)?.job ?? 0) + 1 });
    }
    for (const { stage, job: phase, name } of running) {
      this.#log.follow(name, idOf(phaseIdentifier(stage.name, phase.name), 1), phase.instances.length > 0);
      for (const job of jobsOf(phase)) this.#log.follow(nameOf(name, job), this.#jobId(stage, job));
    }
    return new Attempt(this.#context, this.#pipeline, (stage, job) => this.#attemptsOf(stage, job), kept);
  }

  #attemptsOf(stage: StageDefinition, job: JobDefinition): Attempts {
    return this.#attempts.get(keyOf(stage, job)) ?? { stage: 1, job: 1 };
  }

  #jobId(stage: StageDefinition, job: JobDefinition): string {
    return idOf(jobIdentifier(stage.name, job.name, job.instance.name), this.#attemptsOf(stage, job).job);
  }

  async #carryOut(): Promise<RunReport> {
    const attempt = this.#current;
    const result = await attempt.carryOut();
    this.#ends = attempt.ends;
    this.run.complete(result in RESULTS ? RESULTS[result as keyof typeof RESULTS] : (result as "succeeded"));
    const skipped: PhaseEnd = { result: "skipped", outputs: {} };
    const jobs = this.#places.flatMap(({ stage, job: phase, key, name }) => {
      const end = attempt.ends.get(key) ?? skipped;
      return jobsOf(phase).map((job) => {
        const own = end.jobs === undefined ? end : (end.jobs.get(job.instance.name) ?? skipped);
        return [nameOf(name, job), this.#log.report(this.#jobId(stage, job), own)] as const;
      });
    });
    return { result, jobs: Object.fromEntries(jobs) };
  }
}

/** What a job is called in reports: its phase, and which of its phase's jobs it is. */
const nameOf = (phase: string, { instance }: JobDefinition): string => `${phase}${instance.suffix}`;

function isGood(result: TaskResult | undefined): boolean {
  return result === "succeeded" || result === "succeededWithIssues";
}

/**
 * Starts a run of a pipeline file.
 * @throws PipelineRefused when the file is not understood, asks for something this runner does not carry out, or names
 * a task or service connection that the organization does not have. Nothing has run then.
 */
export function startRun(options: RunOptions): PipelineRun {
  const { organization, files, parameters } = options;
  const read = readPipeline(options.yaml, {
    ...(files === undefined ? {} : { files }),
    ...(parameters === undefined ? {} : { parameters }),
    variables: knownBeforeRun(options.project ?? organization.projects[0]?.name ?? ""),
  });
  const pipeline = checkPipeline(read, options.taskFolders, options.serviceConnections);
  for (const folder of Object.values(options.taskFolders)) organization.installTask(folder);
  const run = organization.createRun({
    project: options.project ?? organization.projects[0]?.name ?? "",
    definition: options.definition ?? { id: 1, name: "deploy" },
    kind: options.kind ?? "Build",
  });
  const given = Object.entries(options.variables ?? {}).map(([name, value]) => ({ name, value }));
  const context: RunContext = {
    run,
    organization,
    records: new Records(run),
    machine: {
      taskFolders: options.taskFolders,
      nodePath: options.nodePath ?? process.execPath,
      environment: options.environment ?? {},
      onProcess: options.onProcess,
    },
    serviceConnections: options.serviceConnections,
    variables: [...pipeline.variables, ...given],
    poolRole: options.poolRole,
  };
  return new RunningPipeline(pipeline, context, options.onEvent ?? (() => undefined));
}
