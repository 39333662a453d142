// What the service checks against its own knowledge before it starts a run: tasks, their inputs, service connections.

import type { Endpoint } from "../../job-execution/job/job-message.ts";
import { expandMacros } from "../../job-execution/job/macro-expansion.ts";
import { readTaskDefinition, type TaskDefinition } from "../../job-execution/tasks/task-definition.ts";
import { canonicalInputs } from "../../job-execution/tasks/task-inputs.ts";
import { fixedVariables } from "../message/run-variables.ts";
import type { JobDefinition, Pipeline, StageDefinition, StepDefinition } from "../pipeline-model.ts";
import { type PipelineProblem, PipelineRefused } from "./pipeline-problems.ts";

const BUILT_IN = new Set(["Bash", "CmdLine"]);

type Refuse = (message: string) => void;

/** Inputs by canonical name, service connections by id. Connection names may hold variables the file gives a value. */
function checkInputs(
  definition: TaskDefinition,
  step: StepDefinition,
  connections: readonly Endpoint[],
  expand: (text: string) => string,
  refuse: Refuse,
): Record<string, string> {
  const task = `${step.task.name}@${step.task.version}`;
  const inputs = canonicalInputs(definition, step.inputs);
  for (const [name, value] of Object.entries(inputs)) {
    const input = definition.inputs?.find((one) => one.name === name);
    if (input === undefined) refuse(`the task ${task} has no input '${name}'`);
    if (!input?.type.toLowerCase().startsWith("connectedservice:") || value.trim() === "") continue;
    const wanted = expand(value.trim()).toLowerCase();
    const found = connections.find((one) => one.name.toLowerCase() === wanted || one.id.toLowerCase() === wanted);
    if (found === undefined)
      refuse(
        `the step '${step.displayName}' names the service connection '${expand(value)}' (input ${name}), which could not be found`,
      );
    else inputs[name] = found.id;
  }
  return inputs;
}

function checkStep(
  step: StepDefinition,
  tasks: Readonly<Record<string, string>>,
  connections: readonly Endpoint[],
  expand: (text: string) => string,
  refuse: Refuse,
): StepDefinition {
  if (BUILT_IN.has(step.task.name)) return step;
  const folder = tasks[step.task.name];
  if (folder === undefined) {
    refuse(`the task '${step.task.name}@${step.task.version}' is not installed in this organization`);
    return step;
  }
  const definition = readTaskDefinition(folder);
  if (step.task.version.split(".")[0] !== String(definition.version.Major))
    refuse(`the task ${step.task.name} is installed in version ${definition.version.Major}, not ${step.task.version}`);
  return { ...step, inputs: checkInputs(definition, step, connections, expand, refuse) };
}

/**
 * The pipeline with canonical inputs and connection ids.
 * @throws PipelineRefused with everything that the organization does not have.
 */
export function checkPipeline(
  pipeline: Pipeline,
  tasks: Readonly<Record<string, string>>,
  connections: readonly Endpoint[],
): Pipeline {
  const problems: PipelineProblem[] = [];
  const checkJob = (stage: StageDefinition, job: JobDefinition): JobDefinition => {
    const fixed = fixedVariables([...pipeline.variables, ...stage.variables, ...job.variables]);
    const byName = new Map(Object.entries(fixed).map(([name, value]) => [name.toLowerCase(), value]));
    const expand = (text: string): string => expandMacros(text, (name) => byName.get(name.toLowerCase()));
    const check = (steps: readonly StepDefinition[]) =>
      steps.map((step) =>
        checkStep(step, tasks, connections, expand, (message) =>
          problems.push({ file: step.file, line: step.line, message }),
        ),
      );
    const instances = job.instances.map((one) => (one.steps ? { ...one, steps: check(one.steps) } : one));
    return { ...job, steps: check(job.steps), instances };
  };
  const stages = pipeline.stages.map((stage) => ({ ...stage, jobs: stage.jobs.map((job) => checkJob(stage, job)) }));
  if (problems.length > 0) throw new PipelineRefused(problems);
  return { ...pipeline, stages };
}
