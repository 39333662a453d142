// Orders the stages of all steps of a job.
import { randomUUID } from "node:crypto";
import { cpSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { JobStep } from "../job/job-message.ts";
import type { JobState } from "../job/job-state.ts";
import { runNodeTask } from "../tasks/node-task.ts";
import { readTaskDefinition, type TaskDefinition, type TaskStage, versionText } from "../tasks/task-definition.ts";
import { isScript, runScript } from "./script-step.ts";
import { StepContext } from "./step-context.ts";

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

/**
 * Puts a task where the agent unpacks it: away from whatever surrounds the folder it was built in. One that this machine
 * has not is downloaded, once.
 */
async function installTask({ options, tasksFolder }: JobState, { reference }: JobStep): Promise<TaskDefinition> {
  const source = options.tasks[reference.name];
  if (source !== undefined) {
    const definition = readTaskDefinition(source);
    const folder = join(tasksFolder, `${definition.name}_${definition.id}`, versionText(definition));
    cpSync(source, folder, { recursive: true });
    return { ...definition, folder };
  }
  if (options.download === undefined) {
    const installed = Object.keys(options.tasks).join(", ") || "no task";
    throw new Error(`Task ${reference.name}@${reference.version} is not installed here; there is: ${installed}.`);
  }
  const folder = join(tasksFolder, `${reference.name}_${reference.id}`, reference.version);
  const complete = `${folder}.completed`;
  if (!existsSync(complete)) {
    mkdirSync(folder, { recursive: true });
    await options.download(reference, folder);
    writeFileSync(complete, new Date().toISOString());
  }
  return readTaskDefinition(folder);
}

async function draftsOf(job: JobState, step: JobStep): Promise<{ pre: Draft[]; main: Draft[]; post: Draft[] }> {
  const main = {
    step,
    stage: "execution",
    condition: step.condition,
    name: step.displayName,
    recordId: step.id,
  } as const;
  if (isScript(step)) return { pre: [], main: [main], post: [] };
  const definition = await installTask(job, step);
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
 * @throws when a task is not on this machine and cannot be downloaded.
 */
export async function planSteps(job: JobState): Promise<PlannedStep[]> {
  const drafts: Awaited<ReturnType<typeof draftsOf>>[] = [];
  // One after the other: two steps may want the same task.
  // The agent passes over steps that are no tasks, and wants to know of each task which one it is.
  const tasks = job.message.steps.filter(({ type, enabled }) => type === "task" && enabled);
  for (const step of tasks) drafts.push(await draftsOf(job, step));
  const ordered = [
    ...drafts.flatMap(({ pre }) => pre),
    ...drafts.flatMap(({ main }) => main),
    ...drafts.flatMap(({ post }) => post).toReversed(),
  ];
  return ordered.map(({ step, stage, condition, definition, name, recordId }, index) => {
    const identity = { recordId, stepId: step.id, refName: step.name, name, order: index + 1 };
    const context = new StepContext(job, identity, definition);
    const carryOut = (): Promise<void> =>
      definition === undefined ? runScript(context, step) : runNodeTask(context, step, definition, stage);
    return { step, stage, condition, context, carryOut };
  });
}
