// Adds a placeholder agent to the pool when a pipeline file needs one.

import { expandMacros } from "../../../simulator/job-execution/job/macro-expansion.ts";
import { fixedVariables } from "../../../simulator/pipeline-runner/message/run-variables.ts";
import type { Pipeline, StepDefinition } from "../../../simulator/pipeline-runner/pipeline-model.ts";

const TASK = "EphemeralAgent";

function isRun({ task, inputs }: StepDefinition): boolean {
  const action = Object.entries(inputs).find(([name]) => name.toLowerCase() === "action")?.[1] ?? "run";
  return task.name === TASK && action.trim().toLowerCase() === "run";
}

/**
 * Pools in which a file's `run` steps make their agent while the job for it is queued already: such a pool needs a
 * placeholder, a record that never comes online (design §3).
 */
export function poolsOfRunSteps({ variables, stages }: Pipeline): string[] {
  const pools = stages.flatMap((stage) =>
    stage.jobs.flatMap((job) => {
      const fixed = fixedVariables([...variables, ...stage.variables, ...job.variables]);
      const known = new Map(Object.entries(fixed).map(([name, value]) => [name.toLowerCase(), value]));
      return job.steps.filter(isRun).map(({ inputs }) => {
        const pool = Object.entries(inputs).find(([name]) => name.toLowerCase() === "agentpool")?.[1] ?? "";
        return expandMacros(pool.trim(), (name) => known.get(name.toLowerCase()));
      });
    }),
  );
  return [...new Set(pools)];
}
