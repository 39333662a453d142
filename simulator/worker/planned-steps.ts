import { randomUUID } from "node:crypto";
import { cpSync } from "node:fs";
import { join } from "node:path";
import type { JobStep } from "./job-message.ts";
import type { JobState } from "./job-state.ts";
import { runNodeTask } from "./node-task.ts";
import { isScript, runScript } from "./script-step.ts";
import { StepContext } from "./step-context.ts";
import { readTaskDefinition, type TaskDefinition, type TaskStage, versionText } from "./task-definition.ts";

/** One stage of one step, as it will be run. */
export interface PlannedStep {
  readonly step: JobStep;
  readonly stage: TaskStage;
  readonly condition: string;
  readonly context: StepContext;
  carryOut(): Promise<void>;
}

type Draft = Pick<PlannedStep, "step" | "stage" | "condition"> & {
  readonly name: string;
  readonly recordId: string;
  readonly definition?: TaskDefinition;
};

/** Puts a task where the agent unpacks it: away from whatever surrounds the folder it was built in. */
function installTask(job: JobState, step: JobStep): TaskDefinition {
  const source = job.options.tasks[step.task.name];
  if (source === undefined) {
    const installed = Object.keys(job.options.tasks).join(", ") || "no task";
    throw new Error(`Task ${step.task.name}@${step.task.version} is not installed here; there is: ${installed}.`);
  }
  const definition = readTaskDefinition(source);
  const folder = join(job.tasksFolder, `${definition.name}_${definition.id}`, versionText(definition));
  cpSync(source, folder, { recursive: true });
  return { ...definition, folder };
}

function draftsOf(job: JobState, step: JobStep): { pre: Draft[]; main: Draft[]; post: Draft[] } {
  const main = {
    step,
    stage: "execution",
    condition: step.condition,
    name: step.displayName,
    recordId: step.id,
  } as const;
  if (isScript(step)) return { pre: [], main: [main], post: [] };
  const definition = installTask(job, step);
  const other = (stage: TaskStage, label: string, condition: string): Draft[] =>
    definition[stage] === undefined
      ? []
      : [{ step, stage, condition, definition, name: `${label}: ${step.displayName}`, recordId: randomUUID() }];
  return {
    pre: other("prejobexecution", "Pre-job", step.condition),
    main: definition.execution === undefined ? [] : [{ ...main, definition }],
    // Whatever became of the step itself, also when it was skipped (facts task-conventions §1.5).
    post: other("postjobexecution", "Post-job", "always()"),
  };
}

/**
 * The job in the order it runs: all pre-job stages, the steps, all post-job stages in reverse.
 * @throws when a task is not on this machine.
 */
export function planSteps(job: JobState): PlannedStep[] {
  const drafts = job.message.steps.filter(({ enabled }) => enabled).map((step) => draftsOf(job, step));
  const ordered = [
    ...drafts.flatMap(({ pre }) => pre),
    ...drafts.flatMap(({ main }) => main),
    ...drafts.flatMap(({ post }) => post).toReversed(),
  ];
  return ordered.map(({ step, stage, condition, definition, name, recordId }, index) => {
    const identity = { recordId, stepId: step.id, refName: step.refName, name, order: index + 1 };
    const context = new StepContext(job, identity, definition);
    const carryOut = (): Promise<void> =>
      definition === undefined ? runScript(context, step) : runNodeTask(context, step, definition, stage);
    return { step, stage, condition, context, carryOut };
  });
}
