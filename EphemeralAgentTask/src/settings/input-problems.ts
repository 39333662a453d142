// Formats problems with inputs: each names the input as the user wrote it, what was found, and what is allowed.
import { TaskError } from "../errors/catalog.ts";

export interface Problem {
  readonly input: string;
  /** The value found, quoted; undefined when nothing was given or nothing of it may be shown. Never a secret. */
  readonly found: string | undefined;
  /** Number of the line, from 1, in an input of which nothing is shown. */
  readonly line?: number;
  /** What is allowed, and where it helps what to do. */
  readonly allowed: string;
}

/** One line of the list. */
export function problemText({ input, found, line, allowed }: Problem): string {
  const value = found === undefined ? "nothing was given" : `found '${found}'`;
  return `${input}: ${line === undefined ? value : `line ${line} (not shown)`}; ${allowed}`;
}

/** The one error that lists them. */
export function problemsError(problems: readonly Problem[]): TaskError {
  const lines = problems.map((problem) => `\n    - ${problemText(problem)}`);
  return new TaskError("EA101", `${problems.length} problem${problems.length === 1 ? "" : "s"}:${lines.join("")}`);
}
