// What a reading means that has no job in it any more, or never had one.
import { type ErrorCode, TaskError } from "../errors.ts";
import type { ContainerState, GroupEvent } from "../ports.ts";
import { eventTrouble, explainEvents, pullInProgress } from "./explain.ts";
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

/** Killed from outside its own processes, which is what the platform does when the memory is used up. */
function killed(container: ContainerState | undefined): boolean {
  const { exitCode, detailStatus = "", previousExitCode } = container ?? {};
  return /oom/i.test(detailStatus) || (previousExitCode ?? exitCode) === 137;
}

/** An agent that did not come: the pull still goes on, or else the events may say. */
function missing(events: readonly GroupEvent[], otherwise: "EA602" | "EA603", found: string): TaskError {
  const pull = pullInProgress(events);
  if (pull) return new TaskError("EA405", `${found === "" ? "" : `${found}. `}${pull.name}: ${pull.message}`);
  return explainEvents(events, otherwise, found);
}

/** Azure tries to start such a container again and again, in vain. */
const hopeless: ReadonlySet<ErrorCode> = new Set<ErrorCode>(["EA609", "EA610"]);

/**
 * The failure a reading shows, or undefined while there is hope.
 * @param onlineMs how long an agent may take to come online, in milliseconds; 0 means no limit
 */
export function trouble(reading: Reading, onlineMs: number): TaskError | undefined {
  const now = reading.standing;
  switch (now.kind) {
    case "lost":
      return lost(reading, `job '${now.request.jobName}' of ${now.request.ownerName}`);
    case "ended": {
      const ended = reading.wasOnline ? "EA607" : "EA601";
      return explainEvents(now.group.events, killed(now.group.container) ? "EA608" : ended, exit(now.group.container));
    }
    case "failed":
      return missing(now.group.events, "EA603", "");
    case "group gone":
      return new TaskError("EA604", "Azure answers 404 for it.");
    case "record gone":
      return new TaskError("EA605", "the pool has no agent of its id any more.");
    case "starting": {
      const events = reading.group?.events ?? [];
      const shown = eventTrouble(events);
      if (shown && hopeless.has(shown.code)) return shown;
      if (onlineMs === 0 || reading.watchedMs < onlineMs) return undefined;
      return missing(events, "EA602", `after ${Math.round(onlineMs / 1000)} s: ${now.state}`);
    }
    default:
      return undefined;
  }
}
