// Runs a Node task.
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { JobStep } from "../job/job-message.ts";
import type { StepContext } from "../steps/step-context.ts";
import { takeLine } from "../steps/step-output.ts";
import { runStepProcess } from "../steps/step-process.ts";
import { chooseHandler, type TaskDefinition, type TaskStage, versionText } from "./task-definition.ts";
import { SYSTEM_CONNECTION, taskEnvironment } from "./task-environment.ts";
import { endpointIds, resolveInputs } from "./task-inputs.ts";

/** A task that declared itself done keeps its process this long, in ms; then the step goes on without it. */
const DONE_GRACE_MS = 5_000;
/** Output that a child of the task still holds open is waited for this long after the task's exit, in ms. */
const OPEN_OUTPUT_MS = 5_000;

function header(context: StepContext, definition: TaskDefinition): void {
  const rule = "=".repeat(78);
  context.output(rule);
  for (const [label, value] of [
    ["Task", definition.friendlyName],
    ["Description", definition.description],
    ["Version", versionText(definition)],
    ["Author", definition.author],
    ["Help", definition.helpUrl ?? definition.helpMarkDown ?? ""],
  ] as const)
    context.output(`${label.padEnd(13)}: ${value}`);
  context.output(rule);
}

/** What the handler's process is started with: facts task-conventions §2.1. */
function environmentOf(context: StepContext, step: JobStep, definition: TaskDefinition): Record<string, string> {
  const { variables, message, sourcesFolder } = context.job;
  const expand = (text: string): string => variables.expand(text);
  const inputs = resolveInputs(definition, step.inputs, { expand, sourcesFolder });
  const wanted = new Set(endpointIds(definition, inputs));
  const stepEnvironment = Object.entries(step.environment).map(([name, value]) => [name.trim(), expand(value.trim())]);
  return taskEnvironment({
    stepEnvironment: Object.fromEntries(stepEnvironment),
    variables: variables.all(),
    inputs,
    endpoints: message.resources.endpoints.filter(
      ({ id, name }) => wanted.has(id.toLowerCase()) || name.toLowerCase() === SYSTEM_CONNECTION.toLowerCase(),
    ),
    taskVariables: [...context.taskVariables.values()],
  });
}

/**
 * Runs one stage of a node task.
 * @throws when it has no handler for this machine, cannot be started, is canceled, or exits with anything but 0:
 * a task reports its failure by command, so another exit code is a failure whatever the command said.
 */
export async function runNodeTask(
  context: StepContext,
  step: JobStep,
  definition: TaskDefinition,
  stage: TaskStage,
): Promise<void> {
  const { job } = context;
  const handler = chooseHandler(definition[stage] ?? {}, job.nodeMajor);
  header(context, definition);
  const target = join(definition.folder, handler.target);
  if (!existsSync(target)) throw new Error(`File not found: '${target}'`);
  const ended = runStepProcess(context, {
    file: job.options.nodePath,
    args: [target],
    cwd: handler.workingDirectory ? job.variables.expand(handler.workingDirectory) : job.sourcesFolder,
    environment: environmentOf(context, step, definition),
    firstSignal: "SIGINT",
    openOutputMs: OPEN_OUTPUT_MS,
    onLine: (line) => {
      job.options.onRawLine?.(line);
      takeLine(context, line);
    },
  });
  const exitCode = await Promise.race([ended, doneWithout(context)]);
  if (exitCode === undefined) {
    ended.catch(() => undefined);
    context.debug('The task was marked as "done", but the process has not closed after 5 seconds.');
    return;
  }
  if (exitCode !== 0)
    throw new Error(
      `Exit code ${exitCode} returned from process: file name '${job.options.nodePath}', arguments '"${target}"'.`,
    );
}

async function doneWithout(context: StepContext): Promise<undefined> {
  await context.declaredDone;
  await new Promise((resolve) => setTimeout(resolve, context.job.options.doneGraceMs ?? DONE_GRACE_MS).unref());
  return undefined;
}
