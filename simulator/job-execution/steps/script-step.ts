// Runs a script step.
import { randomUUID } from "node:crypto";
import { existsSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { JobStep } from "../job/job-message.ts";
import { mergeResults } from "../job/results.ts";
import { publicVariableEnvironment } from "../tasks/task-environment.ts";
import type { StepContext } from "./step-context.ts";
import { takeLine } from "./step-output.ts";
import { runStepProcess } from "./step-process.ts";

/** What the first-party tasks hand to bash: neither of them adds `-e` (Bash@3 and CmdLine@2 sources). */
const BASH_OPTIONS: Readonly<Record<string, readonly string[]>> = { Bash: [], CmdLine: ["--noprofile", "--norc"] };

/** Whether a step's task is carried out by the worker itself. */
export function isScript(step: JobStep): boolean {
  return step.reference.name in BASH_OPTIONS;
}

/** Public variables and the step's own `env:`; a secret is only there when `env:` maps it. */
function environmentOf(context: StepContext, step: JobStep): Record<string, string> {
  const { variables } = context.job;
  const own = Object.entries(step.environment).map(([name, value]) => [name.trim(), variables.expand(value.trim())]);
  return { ...Object.fromEntries(own), ...publicVariableEnvironment(variables.all()) };
}

/** Runs a `bash:` or `script:` step: the script, macros expanded, as a file given to bash. */
export async function runScript(context: StepContext, step: JobStep): Promise<void> {
  const { job } = context;
  const script = job.variables.expand(step.inputs.script ?? "");
  const file = join(job.tempFolder, `${randomUUID()}.sh`);
  writeFileSync(file, script);
  if (!script.trimEnd().includes("\n") && !/##vso\[/i.test(script))
    context.output(`Script contents:\n${script.trimEnd()}`);
  context.output("========================== Starting Command Output ===========================");
  const cwd = resolve(job.sourcesFolder, job.variables.expand(step.inputs.workingDirectory ?? ""));
  if (!existsSync(cwd)) throw new Error(`Not found workingDirectory: ${cwd}`);
  let wroteToStderr = false;
  const exitCode = await runStepProcess(context, {
    file: "bash",
    args: [...(BASH_OPTIONS[step.reference.name] ?? []), file],
    cwd,
    environment: environmentOf(context, step),
    // The task around the script passes a cancel on as SIGTERM.
    firstSignal: "SIGTERM",
    openOutputMs: 1_000,
    onLine: (line, stream) => {
      wroteToStderr ||= stream === "stderr";
      takeLine(context, line);
    },
  });
  if (exitCode !== 0) context.error(`Bash exited with code '${exitCode}'.`);
  const failsOnStderr = step.inputs.failOnStderr?.toLowerCase() === "true" && wroteToStderr;
  if (failsOnStderr) context.error("Bash wrote one or more lines to the standard error stream.");
  context.result = mergeResults(context.result, exitCode !== 0 || failsOnStderr ? "failed" : "succeeded");
}
