// Decides that an agent is not needed any more, or never was.
import type { Clock } from "../../ports.ts";
import type { JobForecast } from "./job-forecast.ts";
import { confirmMs, type Look } from "./run-jobs.ts";

/** A parallel step that only creates agents ends within this time, and the jobs that wait for it start then. */
const besideMs = 15 * 60_000;

/**
 * @param wanted how many of the run's jobs the agents are for; undefined when any number may come
 * @returns what tells by a look at the run why the agent is not needed, once that has been so for a while
 */
export function unneededAgent(
  clock: Clock,
  wanted: number | undefined,
): (look: Look) => JobForecast | "served elsewhere" | undefined {
  let since: number | undefined;
  let kind = "";
  return ({ taken, forecast }) => {
    if (wanted !== undefined && taken.length >= wanted) return "served elsewhere";
    if (forecast.kind === "may come") {
      since = undefined;
      return undefined;
    }
    // When every other phase is complete, nothing can follow. Otherwise this may be the moment between two jobs.
    if (forecast.kind === "over" && forecast.jobs.length > 0) return forecast;
    if (since === undefined || kind !== forecast.kind) since = clock.now();
    kind = forecast.kind;
    const enough = forecast.kind === "waits for this job" && forecast.beside ? besideMs : confirmMs;
    return clock.now() - since >= enough ? forecast : undefined;
  };
}
