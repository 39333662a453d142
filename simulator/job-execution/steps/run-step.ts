// Runs one step, with its condition, retries and time limit.
import { holds, type Scope } from "../../expressions/evaluate.ts";
import type { TaskResult } from "../job/job-message.ts";
import { type JobState, setJobResult } from "../job/job-state.ts";
import { mergeResults } from "../job/results.ts";
import type { PlannedStep } from "./step-order.ts";
import { StepCanceled } from "./step-process.ts";

/** Above it the agent lowers `retryCountOnTaskFailure`, with a warning. */
const MAX_RETRIES = 10;

const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** What a step's condition can see: the job's variables and how the job stands. */
function conditionScope(job: JobState): Scope {
  const result = job.result ?? "succeeded";
  const isOneOf = (...results: TaskResult[]) => results.includes(result);
  return {
    values: { variables: Object.fromEntries(job.variables.all().map(({ name, value }) => [name, value])) },
    functions: {
      always: () => true,
      canceled: () => isOneOf("canceled"),
      failed: () => isOneOf("failed"),
      succeeded: () => isOneOf("succeeded", "succeededWithIssues"),
      succeededOrFailed: () => isOneOf("succeeded", "succeededWithIssues", "failed"),
    },
  };
}

/** Runs the step again while it fails, at most as often as it asks for; not after a cancel. */
async function withRetries(planned: PlannedStep): Promise<void> {
  const { context, step } = planned;
  const retries = Math.min(step.retryCountOnTaskFailure, MAX_RETRIES);
  const delay = context.job.options.retryDelayMs ?? ((attempt: number) => (attempt + 1) ** 2 * 1_000);
  for (let attempt = 0; ; attempt += 1) {
    try {
      await planned.carryOut();
      if (context.result !== "failed" || attempt >= retries) return;
      context.result = undefined;
      context.warning(
        `RetryHelper encountered task failure, will retry (attempt #: ${attempt + 1} out of ${retries}) after ${delay(attempt)} ms`,
      );
    } catch (error) {
      if (error instanceof StepCanceled || attempt >= retries) throw error;
      context.warning(
        `RetryHelper encountered exception, will retry (attempt #: ${attempt + 1} ${textOf(error)}) after ${delay(attempt)} ms`,
      );
    }
    await pause(delay(attempt), context.abort.signal);
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => {
      clearTimeout(timer);
      reject(new StepCanceled());
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", onAbort);
      resolve();
    }, ms);
    if (signal.aborted) onAbort();
    else signal.addEventListener("abort", onAbort, { once: true });
  });
}

/** A canceled job ends its running step, unless the step's condition holds for a canceled job too. */
function cancelWithJob(job: JobState, planned: PlannedStep): void {
  setJobResult(job, "canceled");
  let goesOn = false;
  try {
    goesOn = holds(planned.condition, conditionScope(job));
  } catch (error) {
    planned.context.error(textOf(error));
  }
  if (goesOn) return;
  planned.context.error("The Operation will be canceled. The next steps may not contain expected logs.");
  planned.context.abort.abort();
}

async function carryOut(job: JobState, planned: PlannedStep): Promise<void> {
  const { context, step, stage } = planned;
  context.output(`##[section]Starting: ${context.identity.name}`);
  let timedOut = false;
  const limit = stage === "execution" ? step.timeoutInMinutes : 0;
  const timer =
    limit > 0
      ? setTimeout(() => {
          timedOut = true;
          context.abort.abort();
        }, limit * 60_000)
      : undefined;
  try {
    await withRetries(planned);
  } catch (error) {
    if (error instanceof StepCanceled && timedOut && !job.options.signal.aborted) {
      context.error("The task has timed out.");
      context.result = "failed";
    } else {
      context.error(textOf(error));
      context.result = error instanceof StepCanceled ? "canceled" : "failed";
    }
  } finally {
    clearTimeout(timer);
  }
  if (context.commandResult !== undefined) context.result = mergeResults(context.result, context.commandResult);
  if (context.result === "failed" && step.continueOnError) context.result = "succeededWithIssues";
  context.output(`##[section]Finishing: ${context.identity.name}`);
}

/** Runs one planned step, or skips it when its condition says so, and lets the job's result follow. */
export async function runStep(job: JobState, planned: PlannedStep): Promise<void> {
  const { context, step } = planned;
  const { signal } = job.options;
  context.start();
  for (const warning of job.variables.recalculate()) context.warning(warning);
  for (const [name, value] of [
    ["System.TaskInstanceId", step.id],
    ["System.TaskDisplayName", context.identity.name],
    ["System.TaskInstanceName", step.name],
  ] as const)
    job.variables.set(name, value);

  const onCancel = (): void => cancelWithJob(job, planned);
  if (signal.aborted) setJobResult(job, "canceled");
  else signal.addEventListener("abort", onCancel, { once: true });
  try {
    if (!holds(planned.condition, conditionScope(job))) {
      context.output("Skipping step due to condition evaluation.");
      context.complete("skipped");
      return;
    }
    await carryOut(job, planned);
  } catch (error) {
    context.error(textOf(error));
    context.result = "failed";
  } finally {
    signal.removeEventListener("abort", onCancel);
  }
  const result = context.result ?? "succeeded";
  context.complete(result);
  if (result === "succeededWithIssues" || result === "failed") setJobResult(job, mergeResults(job.result, result));
}
