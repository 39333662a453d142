// Prints a hint once while the step goes on waiting.
import type { ErrorCode, TaskError } from "../../errors.ts";
import type { Context } from "../context.ts";

/** Prints an error that may still pass. */
export type Hint = (trouble: TaskError) => void;

/** @returns a function that prints each kind of error of one agent once, while the step keeps waiting */
export function hinting(context: Context, name: string): Hint {
  const told = new Set<ErrorCode>();
  return (trouble) => {
    if (told.has(trouble.code)) return;
    told.add(trouble.code);
    context.say(`${name}: still waiting. ${trouble.code} ${trouble.message}`);
  };
}
