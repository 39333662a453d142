// Finds out why an agent is not online, from its container.
import { type ErrorCode, TaskError } from "../../errors/catalog.ts";
import { type LastWords, lastWords } from "../../errors/mapping/container-log-lines.ts";
import type { Context } from "../step/step-context.ts";
import { lastLog } from "./container-log.ts";

/** Errors that say only that the container ended or its agent is not online. The container's log says why. */
const vague: ReadonlySet<ErrorCode> = new Set<ErrorCode>(["EA601", "EA602", "EA603", "EA607"]);

export const quoted = ({ line }: LastWords): string => `The container's log says: ${line}`;

/** @returns the same failure with the container's last words, under their own code when they tell of a known trouble */
export async function diagnose(context: Context, name: string, error: TaskError): Promise<TaskError> {
  if (!vague.has(error.code)) return error;
  const words = lastWords((await lastLog(context, name)) ?? "");
  return words ? new TaskError(words.code ?? error.code, `${error.reason} ${quoted(words)}`) : error;
}
