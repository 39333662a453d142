// Converts an error message into a record.
import type { ErrorRecord } from "./step-record.ts";

/** @param message of a `TaskError`: title, cause and next step on lines of their own */
export function errorOf(code: string, message: string): ErrorRecord {
  const cause = message.indexOf("\n  Cause: ");
  const next = message.lastIndexOf("\n  Next step: ");
  if (cause < 0 || next < cause) return { code, title: message, cause: "", next: "" };
  return {
    code,
    title: message.slice(0, cause),
    cause: message.slice(cause + "\n  Cause: ".length, next),
    next: message.slice(next + "\n  Next step: ".length),
  };
}
