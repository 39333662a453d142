// Tells whether a create failed in a way that another placement may not: no capacity, no quota, or too many requests.
import { TaskError } from "../../errors/catalog.ts";
import { toTaskError } from "../../errors/mapping/error-mapping.ts";

/** Errors that another region or size may not have. */
const noRoom = new Set(["EA203", "EA204"]);

/** Errors of creates that would have to wait too long. Another region has limits of its own. */
const refused = new WeakSet<TaskError>();

/** Rethrows an error and remembers whether Azure only throttled the request. */
export function refusedForNow(error: unknown): never {
  const explained = toTaskError(error);
  if (!(explained instanceof TaskError) || explained.code !== "EA205") throw error;
  refused.add(explained);
  throw explained;
}

/** True when another region or size may have room. */
export const lacksRoom = (error: unknown): error is TaskError =>
  error instanceof TaskError && (noRoom.has(error.code) || refused.has(error));
