// What a reading means that has no job in it any more, or never had one.
import { TaskError } from "../errors.ts";
import type { ContainerState } from "../ports.ts";
import { explainEvents } from "./explain.ts";
import type { Reading } from "./watch.ts";

/** The first ending tells the cause: a container that Azure starts again only refuses to work (facts aci-azure-sdk §3.5). */
function exit(container: ContainerState | undefined): string {
  const { exitCode, detailStatus, previousExitCode } = container ?? {};
  const last = `exit code ${exitCode ?? "unknown"}${detailStatus ? ` (${detailStatus})` : ""}`;
  return previousExitCode === undefined ? last : `exit code ${previousExitCode}; started again by Azure, then ${last}`;
}

function lost(reading: Reading, job: string): TaskError {
  const ended = reading.group ? exit(reading.group.container) : "the container group is gone";
  const events = reading.group?.events.filter((event) => event.type !== "Normal") ?? [];
  const said = events.map((event) => `; ${event.name}: ${event.message}`).join("");
  return new TaskError("EA606", `${job}; ${ended}${said}`);
}

/**
 * The failure a reading shows, or undefined while there is hope.
 * @param onlineMs how long an agent may take to come online, in milliseconds; 0 means no limit
 */
export function trouble(reading: Reading, onlineMs: number): TaskError | undefined {
  const now = reading.standing;
  switch (now.kind) {
    case "lost":
      return lost(reading, `job '${now.request.jobName}' of ${now.request.ownerName}`);
    case "ended":
      return explainEvents(now.group.events, reading.wasOnline ? "EA607" : "EA601", exit(now.group.container));
    case "failed":
      return explainEvents(now.group.events, "EA603");
    case "group gone":
      return new TaskError("EA604", "Azure answers 404 for it.");
    case "record gone":
      return new TaskError("EA605", "the pool has no agent of its id any more.");
    case "starting":
      if (onlineMs === 0 || reading.watchedMs < onlineMs) return undefined;
      return explainEvents(
        reading.group?.events ?? [],
        "EA602",
        `after ${Math.round(onlineMs / 1000)} s: ${now.state}`,
      );
    default:
      return undefined;
  }
}
