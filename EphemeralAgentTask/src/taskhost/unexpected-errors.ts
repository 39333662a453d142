// Errors that nobody expected: a bug of ours or of a library's. Whoever ends the step hears of them; as long as nobody
// does, the process ends with them. Imported first, so that a library that fails while it is loaded is heard as well.
import { writeSync } from "node:fs";
import { version } from "../version.ts";

type Listener = (error: unknown) => void;

const escaped = (text: string): string =>
  text.replaceAll("##vso[", "##_vso[").replaceAll("%", "%AZP25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");

/** What to report of an error: its kind, code, words, and the task's version. Never its stack. */
export function reportOf(error: unknown): string {
  const said = error instanceof Error ? error.message : String(error);
  const { name = "", code = "" } = error instanceof Error ? (error as NodeJS.ErrnoException) : {};
  return `${[name, code].filter((part) => part !== "").join(" ")}${name === "" ? "" : ": "}${said} (task version ${version})`;
}

let fails = true;

/** The process is that of a post-job step: it never fails a good job. */
export function neverFail(): void {
  fails = false;
}

/** Before anything else is there. Synchronous, because the process ends with it. */
function atStart(error: unknown): void {
  const type = fails ? "error" : "warning";
  const message = `EA999 An unexpected error occurred.\n  Cause: ${reportOf(error)}\n  Next step: Please report it with this log.`;
  const result = fails ? "Failed" : "Succeeded";
  let exitCode = 0;
  try {
    writeSync(
      1,
      `##vso[task.logissue type=${type};code=EA999]${escaped(message)}\n##vso[task.complete result=${result}]\n`,
    );
  } catch {
    // Nobody can be told; only the exit code is left.
    exitCode = fails ? 1 : 0;
  }
  process.exit(exitCode);
}

let hear: Listener = atStart;
const listen: Listener = (error) => hear(error);

function listenAlone(): void {
  for (const event of ["uncaughtException", "unhandledRejection"] as const) {
    // task-lib's own tells the stack and goes on.
    process.removeAllListeners(event);
    process.on(event, listen);
  }
}

/** From now on told of every unexpected error, instead of any other. */
export function onUnexpected(listener: Listener): void {
  hear = listener;
  listenAlone();
}

listenAlone();
