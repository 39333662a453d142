// Bad input is told all at once: each problem names the input as the user wrote it, what was found, what is allowed.
import { TaskError } from "../errors.ts";

export interface Problem {
  readonly input: string;
  /** The value found, quoted; undefined when nothing was given. Never a secret. */
  readonly found: string | undefined;
  /** What is allowed, and where it helps what to do. */
  readonly allowed: string;
}

/** The one error that lists them. */
export function problemsError(problems: readonly Problem[]): TaskError {
  const lines = problems.map(({ input, found, allowed }) => {
    const value = found === undefined ? "nothing was given" : `found '${found}'`;
    return `\n    - ${input}: ${value}; ${allowed}`;
  });
  return new TaskError("EA101", `${problems.length} problem${problems.length === 1 ? "" : "s"}:${lines.join("")}`);
}
