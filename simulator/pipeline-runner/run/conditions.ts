// Evaluates the conditions of stages and jobs.
import { holds, type Scope } from "../../expressions/evaluate.ts";
import { toText, type Value } from "../../expressions/values.ts";
import { resultName } from "../../job-execution/job/results.ts";
import type { Ended } from "./run-results.ts";

/** What a condition of a stage or job, or a `$[ ]` of a job's variables, can look at. */
export interface ConditionInput {
  readonly canceled: boolean;
  readonly variables: Readonly<Record<string, string>>;
  /** Of the same level, directly depended on. */
  readonly dependencies: ReadonlyMap<string, Ended>;
  /** Everything depended on, directly or not: `succeeded()` asks for all of them (documentation, "Conditions"). */
  readonly ancestors: ReadonlyMap<string, Ended>;
  /** Stage → job, for the stages that the job's own stage depends on. */
  readonly stageDependencies?: ReadonlyMap<string, ReadonlyMap<string, Ended>>;
}

function ended({ result, outputs }: Ended): Value {
  return {
    result: resultName(result),
    outputs: Object.fromEntries(Object.entries(outputs).map(([name, { value }]) => [name, value])),
  };
}

const good = ({ result }: Ended): boolean => result === "succeeded" || result === "succeededWithIssues";
const bad = ({ result }: Ended): boolean => result === "failed" || result === "abandoned";

/** Named values only: variables are worked out before anything is known to succeed. */
export function valueScope(input: ConditionInput): Scope {
  const dependencies = Object.fromEntries([...input.dependencies].map(([name, one]) => [name, ended(one)]));
  const stageDependencies = Object.fromEntries(
    [...(input.stageDependencies ?? [])].map(([stage, jobs]) => [
      stage,
      Object.fromEntries([...jobs].map(([job, one]) => [job, ended(one)])),
    ]),
  );
  return { values: { variables: input.variables, dependencies, stageDependencies }, functions: {} };
}

/** Whether a stage or job shall run. */
export function shallRun(condition: string, input: ConditionInput): boolean {
  const named = (names: readonly Value[]): Ended[] => {
    const wanted = names.map((name) => toText(name).toLowerCase());
    return [...input.ancestors].filter(([name]) => wanted.includes(name.toLowerCase())).map(([, one]) => one);
  };
  const all = [...input.ancestors.values()];
  return holds(condition, {
    ...valueScope(input),
    functions: {
      always: () => true,
      canceled: () => input.canceled,
      succeeded: (...names) => (names.length > 0 ? named(names).every(good) : !input.canceled && all.every(good)),
      failed: (...names) => (names.length > 0 ? named(names).some(bad) : !input.canceled && all.some(bad)),
      succeededOrFailed: (...names) =>
        names.length > 0 ? named(names).every((one) => good(one) || bad(one)) : !input.canceled,
    },
  });
}
