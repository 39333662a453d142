// Runs one phase: a job, or all jobs of a matrix.
import type { TaskResult } from "../../job-execution/job/job-message.ts";
import type { Attempts } from "../message/job-ids.ts";
import { type JobDefinition, jobsOf, type StageDefinition } from "../pipeline-model.ts";
import type { ConditionInput } from "./conditions.ts";
import { type JobEnd, JobRun, type RunContext } from "./run-job.ts";
import { type Ended, overallResult } from "./run-results.ts";

/** How a phase ended, and each of its jobs by name where it has several. */
export type PhaseEnd = JobEnd & { readonly jobs?: ReadonlyMap<string, JobEnd> };

const prefixed = (prefix: string, outputs: Ended["outputs"]): Ended["outputs"] =>
  Object.fromEntries(Object.entries(outputs).map(([name, value]) => [`${prefix}.${name}`, value]));

const wentWell = (result: TaskResult) => result === "succeeded" || result === "succeededWithIssues";

/** One try of one phase, from its condition to the end of its last job. */
export class PhaseRun {
  readonly #context: RunContext;
  readonly #stage: StageDefinition;
  readonly #phase: JobDefinition;
  readonly #condition: JobRun;
  readonly #jobs: readonly (readonly [JobDefinition, JobRun])[];
  #canceled = false;

  constructor(
    context: RunContext,
    stage: StageDefinition,
    phase: JobDefinition,
    attempts: Attempts,
    /** What its condition can look at, as things stand when it is asked. */
    input: () => ConditionInput,
  ) {
    this.#context = context;
    this.#stage = stage;
    this.#phase = phase;
    this.#condition = new JobRun(context, stage, phase, attempts, input);
    this.#jobs = jobsOf(phase).map((job) => [job, new JobRun(context, stage, job, attempts, input)] as const);
  }

  /** Cancels its jobs and leaves the run to go on. */
  cancel(): void {
    this.#canceled = true;
    for (const [, job] of this.#jobs) job.cancel();
  }

  /** Runs or skips it. Its dependencies have ended. */
  async carryOut(): Promise<PhaseEnd> {
    const { records } = this.#context;
    if (this.#canceled || !this.#condition.shallRun()) {
      records.jobSkipped(this.#stage, this.#phase);
      return { result: "skipped", outputs: {} };
    }
    records.phaseStarted(this.#stage, this.#phase);
    const isDeployment = this.#phase.kind === "deployment";
    const ends = isDeployment ? await this.#hooks() : await this.#sideBySide();
    const result = overallResult(
      ends.map(([, end]) => end.result),
      false,
    );
    records.phaseEnded(this.#stage, this.#phase, result);
    const outputs = Object.assign({}, ...ends.map(([job, end]) => this.#seenByOthers(job, end.outputs)));
    const agentName = ends.find(([, end]) => end.agentName)?.[1].agentName;
    if (this.#phase.instances.length === 0) return { result, outputs, agentName };
    return { result, outputs, agentName, jobs: new Map(ends.map(([job, end]) => [job.instance.name, end])) };
  }

  /** Matrix legs and slices: all run to their end, whatever becomes of the others. */
  async #sideBySide(): Promise<(readonly [JobDefinition, JobEnd])[]> {
    const ends: (readonly [JobDefinition, JobEnd])[] = [];
    const waiting = [...this.#jobs];
    const worker = async (): Promise<void> => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        const [job, run] = next;
        ends.push([job, await run.carryOut()]);
      }
    };
    const workers = Math.min(this.#jobs.length, this.#phase.maxParallel);
    await Promise.all(Array.from({ length: workers }, worker));
    return ends;
  }

  /** Lifecycle hooks in turn; the first that fails ends them, and what is for a failure follows. */
  async #hooks(): Promise<(readonly [JobDefinition, JobEnd])[]> {
    const ends: (readonly [JobDefinition, JobEnd])[] = [];
    const good = () => ends.every(([, end]) => wentWell(end.result));
    for (const [job, run] of this.#jobs) {
      const { when = "inTurn" } = job.instance;
      const follows = when === "inTurn" || (when === "afterSuccess") === good();
      if (!follows || (when === "inTurn" && !good())) continue;
      ends.push([job, await run.carryOut()]);
    }
    return ends;
  }

  /**
   * Outputs of a matrix leg are named after the leg. Those of a deployment are named after the deployment, and after the
   * hook where there are several (facts agent-protocol §9; "Deployment jobs", output variables).
   */
  #seenByOthers({ instance }: JobDefinition, outputs: Ended["outputs"]): Ended["outputs"] {
    const several = this.#phase.instances.length > 0;
    if (this.#phase.kind === "job") return several ? prefixed(instance.name, outputs) : outputs;
    return { ...prefixed(this.#phase.name, outputs), ...(several ? prefixed(instance.name, outputs) : {}) };
  }
}
