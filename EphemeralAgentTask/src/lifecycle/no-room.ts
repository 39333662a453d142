// Tells whether a create failed in a way that another placement may not: no capacity, no quota, or too many requests.
import { TaskError } from "../errors.ts";
import { explainFault } from "./explain.ts";

/** Failures that another place or size may not have. */
const noRoom = new Set(["EA203", "EA204"]);

/** Refusals of a create whose pause is longer than is waited for: another region counts for itself. */
const refused = new WeakSet<TaskError>();

/** Throws an error on, noting whether Azure only refuses more requests for now. */
export function refusedForNow(error: unknown): never {
  const explained = explainFault(error);
  if (!(explained instanceof TaskError) || explained.code !== "EA205") throw error;
  refused.add(explained);
  throw explained;
}

/** Whether another place or size may have room. */
export const lacksRoom = (error: unknown): error is TaskError =>
  error instanceof TaskError && (noRoom.has(error.code) || refused.has(error));
