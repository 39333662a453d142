// A pipeline as its YAML file describes it, defaults filled in: what the runner carries out.

export type Pool =
  /** A Microsoft-hosted machine. */
  | { readonly kind: "hosted"; readonly vmImage: string }
  | { readonly kind: "self-hosted"; readonly name: string; readonly demands: readonly string[] };

export interface VariableDefinition {
  readonly name: string;
  /** As written: may hold `$(macro)`, or be one `$[ expression ]` as a whole. */
  readonly value: string;
}

export interface StepDefinition {
  /** The template that it stands in; the pipeline file itself when left out. */
  readonly file?: string | undefined;
  readonly line: number;
  readonly task: { readonly name: string; readonly version: string };
  readonly inputs: Readonly<Record<string, string>>;
  readonly refName: string;
  readonly displayName: string;
  readonly condition: string;
  readonly enabled: boolean;
  readonly continueOnError: boolean;
  readonly timeoutInMinutes: number;
  readonly retryCountOnTaskFailure: number;
  readonly env: Readonly<Record<string, string>>;
}

/** One of the jobs that a phase consists of: a matrix leg, a slice, or a lifecycle hook of a deployment. */
export interface JobInstance {
  /** Name of the leg, the slice or the hook; `__default` for the only job of a phase. */
  readonly name: string;
  /** Behind the display name of the phase. */
  readonly suffix: string;
  /** From 1. */
  readonly position: number;
  readonly total: number;
  /** Of its own, besides the phase's. */
  readonly variables: readonly VariableDefinition[];
  /** The phase's own when left out. */
  readonly steps?: readonly StepDefinition[];
  readonly pool?: Pool;
  /** When a hook's turn comes; legs and slices all run side by side. */
  readonly when?: "inTurn" | "afterSuccess" | "afterFailure";
}

/** A phase: what the file calls a job. It is one job, or several by its strategy. */
export interface JobDefinition {
  readonly line: number;
  readonly kind: "job" | "deployment";
  readonly name: string;
  readonly displayName: string;
  readonly dependsOn: readonly string[];
  readonly condition: string;
  readonly pool: Pool;
  readonly variables: readonly VariableDefinition[];
  readonly timeoutInMinutes: number;
  readonly cancelTimeoutInMinutes: number;
  /** Which of its phase's jobs this is. */
  readonly instance: JobInstance;
  /** Empty for a phase of one job. */
  readonly instances: readonly JobInstance[];
  /** How many of them at once. */
  readonly maxParallel: number;
  readonly steps: readonly StepDefinition[];
}

export interface StageDefinition {
  readonly line: number;
  readonly name: string;
  readonly displayName: string;
  readonly dependsOn: readonly string[];
  readonly condition: string;
  readonly variables: readonly VariableDefinition[];
  readonly jobs: readonly JobDefinition[];
}

export interface Pipeline {
  readonly name: string | undefined;
  readonly variables: readonly VariableDefinition[];
  readonly stages: readonly StageDefinition[];
}

/** The service's name for a stage that the file does not write out, and for the one job of a phase. */
export const IMPLICIT = "__default";

/** The one job of a phase without a strategy. */
export const soleInstance: JobInstance = { name: IMPLICIT, suffix: "", position: 1, total: 1, variables: [] };

/** The jobs of a phase, each as a definition of its own. */
export function jobsOf(phase: JobDefinition): JobDefinition[] {
  if (phase.instances.length === 0) return [phase];
  return phase.instances.map((instance) => ({
    ...phase,
    instance,
    pool: instance.pool ?? phase.pool,
    variables: [...phase.variables, ...instance.variables],
    steps: instance.steps ?? phase.steps,
  }));
}
