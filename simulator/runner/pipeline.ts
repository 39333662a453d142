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
