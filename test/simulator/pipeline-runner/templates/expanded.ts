// Small pipelines and what the service makes of them before anything runs.
import assert from "node:assert/strict";
import type { Dictionary } from "../../../../simulator/expressions/values.ts";
import { expandPipeline } from "../../../../simulator/pipeline-runner/templates/expand-pipeline.ts";
import { valueFrom } from "../../../../simulator/pipeline-runner/templates/template-values.ts";
import type { PipelineProblem } from "../../../../simulator/pipeline-runner/validation/pipeline-problems.ts";
import { PipelineRefused } from "../../../../simulator/pipeline-runner/validation/pipeline-problems.ts";

/** Where a rule is documented: a page of the Azure Pipelines documentation and the heading on it. */
type Source =
  | "Template expressions: insertion"
  | "Template expressions: conditional insertion"
  | "Template expressions: iterative insertion"
  | "Template expressions: escape a value"
  | "Template expressions: context"
  | "Template expressions: functions"
  | "Template expressions: imposed limits"
  | "Expressions: filtered arrays"
  | "Expressions: type casting"
  | "Expressions: conditional insertion"
  | "Template parameters: passing parameters"
  | "Template parameters: parameter data types"
  | "Runtime parameters: use parameters in pipelines"
  | "Templates: reuse"
  | "Templates: variable reuse"
  | "Templates: reference template paths"
  | "Templates: use other repositories";

export interface Case {
  readonly name: string;
  readonly source: Source;
  readonly yaml: string;
  /** Templates by path; `alias:path` for those of another repository. */
  readonly files?: Readonly<Record<string, string>>;
  readonly parameters?: Readonly<Record<string, string>>;
  /** The expanded pipeline without `parameters` and `resources`. */
  readonly becomes?: unknown;
  /** Or every reason why it is refused. */
  readonly refused?: readonly string[];
}

/** Expands a case's pipeline. @throws PipelineRefused */
function expanded({ yaml, files = {}, parameters = {} }: Case): unknown {
  const problems: PipelineProblem[] = [];
  const root = expandPipeline(
    yaml,
    {
      parameters,
      variables: { "Build.SourceBranchName": "main" },
      files: {
        path: "azure-pipelines.yml",
        self: (path) => files[path],
        repository: ({ alias, name }) => (name === "Contoso/unknown" ? undefined : (path) => files[`${alias}:${path}`]),
      },
    },
    problems,
  );
  if (problems.length > 0) throw new PipelineRefused(problems);
  assert.ok(root);
  const { parameters: _, resources: __, ...rest } = valueFrom(root) as Dictionary;
  return rest;
}

/** Checks one case. */
export function holdsFor(one: Case): void {
  if (one.refused === undefined) {
    assert.deepEqual(expanded(one), one.becomes);
    return;
  }
  try {
    const result = expanded(one);
    assert.fail(`not refused, but ${JSON.stringify(result)}`);
  } catch (error) {
    assert.ok(error instanceof PipelineRefused, String(error));
    assert.deepEqual(error.message.split("\n"), one.refused);
  }
}

/** `${{ … }}`, which a template literal of TypeScript would read itself. */
export const x = (expression: string): string => `\${{ ${expression} }}`;
