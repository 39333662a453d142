// Runs one job of a run on its machine.
import type { PoolRole } from "../../devops/identity/identities.ts";
import { oidcRequestUri } from "../../devops/identity/job-oidc-tokens.ts";
import type { Organization } from "../../devops/organization.ts";
import type { Run } from "../../devops/runs/runs.ts";
import type { Endpoint, JobVariable } from "../../job-execution/job/job-message.ts";
import { expandMacros } from "../../job-execution/job/macro-expansion.ts";
import { type Attempts, jobIdentifier } from "../message/job-ids.ts";
import { connectionsOf, jobMessage } from "../message/job-message-builder.ts";
import { fixedVariables, jobVariables, runVariables, workedOut } from "../message/run-variables.ts";
import type { JobDefinition, StageDefinition, VariableDefinition } from "../pipeline-model.ts";
import { type ConditionInput, shallRun } from "./conditions.ts";
import { type CarriedJob, type HostedMachine, onHostedMachine, onPool } from "./job-machines.ts";
import { limitTime } from "./job-timeout.ts";
import type { Ended } from "./run-results.ts";
import type { Records } from "./timeline-records.ts";

/** What all jobs of a run have in common. */
export interface RunContext {
  readonly run: Run;
  readonly organization: Organization;
  readonly records: Records;
  readonly machine: HostedMachine;
  readonly serviceConnections: readonly Endpoint[];
  /** Of the file's root, then those given when the run was queued. */
  readonly variables: readonly VariableDefinition[];
  /** The job token's role in the pools; the build service's own when left out. */
  readonly poolRole?: PoolRole | null | undefined;
}

export type JobEnd = Ended & { readonly agentName?: string | undefined };

/** One try of one job, from the queue to its end. */
export class JobRun {
  readonly #context: RunContext;
  readonly #stage: StageDefinition;
  readonly #job: JobDefinition;
  readonly #attempts: Attempts;
  readonly #input: () => ConditionInput;
  #carried: CarriedJob | undefined;
  #canceledAlone = false;
  #problem: string | undefined;

  constructor(
    context: RunContext,
    stage: StageDefinition,
    job: JobDefinition,
    attempts: Attempts,
    /** What its condition can look at, as things stand when it is asked. */
    input: () => ConditionInput,
  ) {
    this.#context = context;
    this.#stage = stage;
    this.#job = job;
    this.#attempts = attempts;
    this.#input = input;
  }

  /** Whether the condition of its phase holds. */
  shallRun(): boolean {
    return shallRun(this.#job.condition, this.#fullInput());
  }

  /** Runs it. Its dependencies have ended, and the condition of its phase holds. */
  async carryOut(): Promise<JobEnd> {
    const { records, run } = this.#context;
    if (this.#canceledAlone) return { result: "canceled", outputs: {} };
    records.jobQueued(this.#stage, this.#job, this.#attempts);
    const carried = this.#queue();
    this.#carried = carried;
    const jobId = records.jobId(this.#stage, this.#job, this.#attempts);
    const stopTimer = limitTime(run, jobId, this.#job.timeoutInMinutes, (problem) => {
      this.#problem = problem;
      this.cancel();
    });
    const onCancel = (): void => this.#cancelWithRun();
    run.cancelRequested.addEventListener("abort", onCancel, { once: true });
    try {
      const { result, outputs, agentName, message } = await carried.outcome;
      records.jobEnded(this.#stage, this.#job, this.#attempts, { result, problem: message ?? this.#problem });
      return { result, outputs, agentName };
    } finally {
      run.cancelRequested.removeEventListener("abort", onCancel);
      stopTimer();
    }
  }

  /** Cancels this job and leaves the run to go on. */
  cancel(): void {
    this.#canceledAlone = true;
    this.#carried?.cancel(this.#job.cancelTimeoutInMinutes * 60_000);
  }

  /** A running job goes on when its condition holds for a canceled run too (documentation, "Conditions"). */
  #cancelWithRun(): void {
    if (!shallRun(this.#job.condition, { ...this.#fullInput(), canceled: true })) this.cancel();
  }

  #fullInput(): ConditionInput {
    const input = this.#input();
    return { ...input, variables: { ...this.#known(), ...input.variables } };
  }

  /** Values a condition or a demand can use: those of the service, and those the file gives outright. */
  #known(): Record<string, string> {
    const { organization, run } = this.#context;
    return {
      ...fixedVariables(this.#definitions()),
      ...runVariables(organization, run),
      ...jobVariables(run.kind, this.#stage, this.#job, this.#attempts),
    };
  }

  #definitions(): VariableDefinition[] {
    return [...this.#context.variables, ...this.#stage.variables, ...this.#job.variables];
  }

  #messageVariables(): Record<string, JobVariable> {
    const { organization, run, records } = this.#context;
    const own = workedOut(this.#definitions(), this.#fullInput());
    const jobId = records.jobId(this.#stage, this.#job, this.#attempts);
    const service = {
      ...runVariables(organization, run),
      ...jobVariables(run.kind, this.#stage, this.#job, this.#attempts),
      "System.OidcRequestUri": oidcRequestUri(organization.url, run, jobId),
    };
    return { ...own, ...Object.fromEntries(Object.entries(service).map(([name, value]) => [name, { value }])) };
  }

  #queue(): CarriedJob {
    const { organization, run, records, serviceConnections, machine, poolRole } = this.#context;
    const job = this.#job;
    const jobId = records.jobId(this.#stage, job, this.#attempts);
    const issued = organization.issueJobToken({
      run,
      serviceConnections: connectionsOf(job, serviceConnections).map(({ id }) => id.toLowerCase()),
      ...(poolRole === undefined ? {} : { poolRole }),
    });
    const variables = this.#messageVariables();
    const parts = {
      run,
      job,
      jobId,
      variables,
      organizationUrl: organization.url,
      token: issued.token,
      serviceConnections,
      taskFolders: machine.taskFolders,
    };
    const carried =
      job.pool.kind === "hosted"
        ? onHostedMachine(jobMessage(parts, 0), run, machine)
        : onPool(organization, {
            // One level, and never a value that only another job gives: whether the service expands more is contradictory
            // (facts agent-protocol §5), so the least is taken.
            poolName: this.#expandOnce(job.pool.name),
            demands: job.pool.demands.map((demand) => this.#expandOnce(demand)),
            planId: run.planId,
            planType: run.kind,
            scopeId: run.project.id,
            jobId,
            jobName: `${job.displayName}${job.instance.suffix}`,
            orchestrationId:
              `${run.planId}.${jobIdentifier(this.#stage.name, job.name, job.instance.name)}`.toLowerCase(),
            definition: run.definition,
            owner: { id: run.id, name: run.name },
            message: (requestId) => jobMessage(parts, requestId),
          });
    // The job's token dies with the job.
    void carried.outcome.finally(() => issued.revoke());
    return carried;
  }

  #expandOnce(text: string): string {
    const known = new Map(Object.entries(this.#known()).map(([name, value]) => [name.toLowerCase(), value]));
    return expandMacros(text, (name) => known.get(name.toLowerCase()));
  }
}
