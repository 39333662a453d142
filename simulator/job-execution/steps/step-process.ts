// Starts the process of a step.
import { delimiter } from "node:path";
import { PROCESS_LOOKUP_ID } from "../job/orphaned-processes.ts";
import { runProcess, type SignalLadder } from "./child-process.ts";
import type { StepContext } from "./step-context.ts";

/** How the agent ends a process: SIGINT, 7.5 s, SIGTERM, 2.5 s, SIGKILL (facts agent-protocol §8.1). */
const SIGINT_MS = 7_500;
const SIGTERM_MS = 2_500;

/** The step was canceled, by its time limit or with its job, while its process ran. */
export class StepCanceled extends Error {
  override readonly name = "StepCanceled";

  constructor() {
    super("The operation was canceled.");
  }
}

function waitOf({ job }: StepContext, name: string, usual: number): number {
  const value = Number.parseInt(job.variables.get(name) ?? job.options.environment[name] ?? "", 10);
  return Number.isNaN(value) ? usual : value;
}

/** The step's environment on this machine: the machine's, the step's over it, prepended folders in `PATH`. */
function processEnvironment(
  { job }: StepContext,
  environment: Readonly<Record<string, string>>,
): Record<string, string> {
  const whole: Record<string, string> = {
    ...job.machineEnvironment,
    ...environment,
    [PROCESS_LOOKUP_ID]: job.lookupId,
  };
  if (job.prependedPaths.length > 0)
    whole.PATH = [...job.prependedPaths.toReversed(), whole.PATH ?? ""].join(delimiter);
  return whole;
}

/**
 * Runs a step's process under the step's cancellation.
 * @returns its exit code.
 * @throws StepCanceled when the step was canceled, however the process ended.
 */
export async function runStepProcess(
  context: StepContext,
  start: {
    readonly file: string;
    readonly args: readonly string[];
    readonly cwd: string;
    readonly environment: Readonly<Record<string, string>>;
    readonly firstSignal: "SIGINT" | "SIGTERM";
    readonly openOutputMs: number;
    onLine(line: string, stream: "stdout" | "stderr"): void;
  },
): Promise<number> {
  const ladder: SignalLadder = [
    [start.firstSignal, waitOf(context, "PROCESS_SIGINT_TIMEOUT", SIGINT_MS)],
    ["SIGTERM", waitOf(context, "PROCESS_SIGTERM_TIMEOUT", SIGTERM_MS)],
  ];
  const exitCode = await runProcess({
    ...start,
    environment: processEnvironment(context, start.environment),
    onStart: context.job.options.onProcess,
    signal: context.abort.signal,
    ladder,
  });
  context.job.options.onExit?.(exitCode);
  if (context.abort.signal.aborted) throw new StepCanceled();
  return exitCode;
}
