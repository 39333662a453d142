// Reads and shows the end of a container's log, once, when the container has ended or was given up.

import { toTaskError } from "../../errors/mapping/error-mapping.ts";
import type { Context } from "../step/step-context.ts";

const lines = 200;

async function read(context: Context, name: string): Promise<string | undefined> {
  try {
    return await context.host.log(name, lines);
  } catch (error) {
    const explained = toTaskError(error);
    const said = explained instanceof Error ? explained.message : String(explained);
    context.say(`${name}: the container's log could not be read (${said})`);
    return undefined;
  }
}

/** @returns undefined when it could not be read, which is said then */
export function lastLog(context: Context, name: string): Promise<string | undefined> {
  const reading = context.logs.read.get(name) ?? read(context, name);
  context.logs.read.set(name, reading);
  return reading;
}

/** Shows it, collapsed. To be called before the group is deleted. */
export async function showLog(context: Context, name: string): Promise<void> {
  const log = await lastLog(context, name);
  if (log === undefined || context.logs.shown.has(name)) return;
  context.logs.shown.add(name);
  if (log.trim() === "") context.say(`${name}: the container has no log`);
  else context.task.externalGroup(`Log of container ${name}`, log);
}
