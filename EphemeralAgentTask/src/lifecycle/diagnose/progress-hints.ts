// Prints a hint once while the step goes on waiting.
import type { ErrorCode, TaskError } from "../../errors/catalog.ts";
import type { Context } from "../step/step-context.ts";

/** Prints an error that may still pass. */
export type Hint = (agentFailure: TaskError) => void;

/** @returns a function that prints each kind of error of one agent once, while the step keeps waiting */
export function progressHints(context: Context, name: string): Hint {
  const told = new Set<ErrorCode>();
  return (agentFailure) => {
    if (told.has(agentFailure.code)) return;
    told.add(agentFailure.code);
    context.say(`${name}: still waiting. ${agentFailure.code} ${agentFailure.message}`);
  };
}
