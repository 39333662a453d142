// Decides that an agent is not needed any more, or never was.
import type { Clock } from "../ports.ts";
import { confirmMs, type Look } from "./demand.ts";
import type { Outlook } from "./outlook.ts";

/** A parallel step that only creates agents ends within this time, and the jobs that wait for it start then. */
const besideMs = 15 * 60_000;

/**
 * @param wanted how many of the run's jobs the agents are for; undefined when any number may come
 * @returns what tells by a look at the run why the agent is not needed, once that has been so for a while
 */
export function needlessness(
  clock: Clock,
  wanted: number | undefined,
): (look: Look) => Outlook | "served elsewhere" | undefined {
  let since: number | undefined;
  let kind = "";
  return ({ taken, outlook }) => {
    if (wanted !== undefined && taken.length >= wanted) return "served elsewhere";
    if (outlook.kind === "may come") {
      since = undefined;
      return undefined;
    }
    // When every other phase is complete, nothing can follow. Otherwise this may be the moment between two jobs.
    if (outlook.kind === "over" && outlook.jobs.length > 0) return outlook;
    if (since === undefined || kind !== outlook.kind) since = clock.now();
    kind = outlook.kind;
    const enough = outlook.kind === "waits for this job" && outlook.beside ? besideMs : confirmMs;
    return clock.now() - since >= enough ? outlook : undefined;
  };
}
