// Starts a process and ends it on a cancel.
import { type ChildProcess, spawn } from "node:child_process";
import { constants } from "node:os";
import { LineReader } from "./line-splitter.ts";

/** Signals in the order they are sent, each with the time it is given, in ms; SIGKILL comes after the last. */
export type SignalLadder = readonly (readonly [signal: NodeJS.Signals, waitMs: number])[];

interface ProcessStart {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Both streams, line by line: they are log and command channel alike. */
  onLine(line: string, stream: "stdout" | "stderr"): void;
  onStart?: ((pid: number) => void) | undefined;
  /** Cancels it by the ladder's signals, sent to this process only. */
  readonly signal: AbortSignal;
  readonly ladder: SignalLadder;
  /** After the process is gone, how long output that a child of it still holds open is waited for, in ms. */
  readonly openOutputMs: number;
}

/** Ends a process step by step (facts agent-protocol §8.1) and stops as soon as it is gone. */
async function cancel(child: ChildProcess, exited: Promise<unknown>, ladder: SignalLadder): Promise<void> {
  for (const [signal, waitMs] of ladder) {
    child.kill(signal);
    if (await within(waitMs, exited)) return;
  }
  child.kill("SIGKILL");
}

/** Whether something happens in time. */
async function within(ms: number, happening: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), ms);
  });
  try {
    return await Promise.race([happening.then(() => true), late]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Runs a process to its end.
 * @returns its exit code; one ended by a signal has 128 + the signal's number, as the agent sees it.
 * @throws when it cannot be started.
 */
export async function runProcess(start: ProcessStart): Promise<number> {
  const child = spawn(start.file, start.args, {
    cwd: start.cwd,
    env: { ...start.environment },
    stdio: ["ignore", "pipe", "pipe"],
    // Away from the terminal: Ctrl+C in front of a simulator does not reach the machines it simulates.
    detached: true,
  });
  const readers = (["stdout", "stderr"] as const).map((name) => {
    const reader = new LineReader((line) => start.onLine(line, name));
    child[name].on("data", (chunk: Buffer) => reader.write(chunk));
    return reader;
  });
  const exited = new Promise<number>((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code, signal) => resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal])));
  });
  const closed = new Promise<void>((resolve) => child.once("close", () => resolve()));
  if (child.pid !== undefined) start.onStart?.(child.pid);

  const onAbort = (): void => void cancel(child, exited, start.ladder).catch(() => undefined);
  if (start.signal.aborted) onAbort();
  else start.signal.addEventListener("abort", onAbort, { once: true });
  try {
    const exitCode = await exited;
    await within(start.openOutputMs, closed);
    child.stdout.destroy();
    child.stderr.destroy();
    for (const reader of readers) reader.end();
    return exitCode;
  } finally {
    start.signal.removeEventListener("abort", onAbort);
  }
}
