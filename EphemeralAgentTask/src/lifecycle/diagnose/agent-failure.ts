// Decides what went wrong with an agent that has no job, from a reading of its state.

import { type ErrorCode, TaskError } from "../../errors/catalog.ts";
import { eventFailure, explainEvents, pullInProgress } from "../../errors/mapping/error-mapping.ts";
import type { ContainerGroupView, ContainerState, GroupEvent } from "../../ports.ts";
import { jobOfRun } from "../watch/job-description.ts";
import type { Reading } from "../watch/poll-agent.ts";

/** The first ending tells the cause: a container that Azure starts again only refuses to work (facts aci-azure-sdk §3.5). */
function exit(container: ContainerState | undefined): string {
  const { exitCode, detailStatus, previousExitCode } = container ?? {};
  const code = exitCode === undefined ? "no exit code" : `exit code ${exitCode}`;
  const last = `${code}${detailStatus ? ` (${detailStatus})` : ""}`;
  return previousExitCode === undefined ? last : `exit code ${previousExitCode}; started again by Azure, then ${last}`;
}

function lost(reading: Reading, job: string): TaskError {
  const { group } = reading;
  const ended = group ? exit(group.container) : "the container group is gone";
  const events = group?.events.filter((event) => event.type !== "Normal") ?? [];
  const said = events.map((event) => `; ${event.name}: ${event.message}`).join("");
  return new TaskError((group && endedBy(group)) ?? "EA606", `${job}; ${ended}${said}`);
}

/**
 * Whose doing the end of a container was that has no exit code, where the group shows it: the platform's that lost the
 * machine (recorded 2021-03-29), or somebody's who stopped the group, which leaves no time of a start (2024-10-31).
 */
function endedBy({ container, provisioningState }: ContainerGroupView): ErrorCode | undefined {
  const { state, exitCode, startedAt, detailStatus = "" } = container ?? {};
  if (state !== "Terminated" || exitCode !== undefined) return undefined;
  if (provisioningState === "Repairing" || /infrastructure/i.test(detailStatus)) return "EA617";
  return startedAt === undefined ? "EA618" : undefined;
}

/** Killed from outside its own processes, which is what the platform does when the memory is used up. */
function killed(container: ContainerState | undefined): boolean {
  const { exitCode, detailStatus = "", previousExitCode } = container ?? {};
  return /oom/i.test(detailStatus) || (previousExitCode ?? exitCode) === 137;
}

/** The error of an agent that is not online in time: the pull is still in progress, or the events name the cause. */
function missing(events: readonly GroupEvent[], otherwise: "EA602" | "EA603" | "EA616", found: string): TaskError {
  const pull = pullInProgress(events);
  if (pull) return new TaskError("EA405", `${found === "" ? "" : `${found}. `}${pull.name}: ${pull.message}`);
  return explainEvents(events, otherwise, found);
}

const seconds = (milliseconds: number) => `${Math.round(milliseconds / 1000)} s`;

/** Azure shows nothing of the container before it has come up or failed: neither events nor a state (recorded). */
const notStarted = ({ group }: Reading) =>
  group !== undefined && group.container === undefined && /^(Pending|Creating)$/.test(group.provisioningState);

/** Longer than any recorded start in a virtual network (117 s at most, 2021 to 2025). */
const slowMs = 150_000;

/** The hint for a start that takes longer than usual while Azure shows no reason. */
export function slowStart(reading: Reading): TaskError | undefined {
  const { agentState: now, watchedMs } = reading;
  if (now.kind !== "starting" || watchedMs < slowMs || !notStarted(reading)) return undefined;
  return new TaskError("EA616", `${now.state} for ${seconds(watchedMs)}, and Azure shows no events yet.`);
}

/** Azure keeps trying to start such a container, without success. */
const hopeless: ReadonlySet<ErrorCode> = new Set<ErrorCode>(["EA609", "EA610"]);

/**
 * The failure a reading shows, or undefined while there is hope.
 * @param onlineMs how long an agent may take to come online, in milliseconds; 0 means no limit
 */
export function agentFailure(reading: Reading, onlineMs: number): TaskError | undefined {
  const now = reading.agentState;
  switch (now.kind) {
    case "lost":
      return lost(reading, jobOfRun(now.request));
    case "ended": {
      const { container, events } = now.group;
      const by = endedBy(now.group);
      if (by) return new TaskError(by, exit(container));
      const ended = reading.wasOnline ? "EA607" : "EA601";
      return explainEvents(events, killed(container) ? "EA608" : ended, exit(container));
    }
    case "failed":
      return missing(now.group.events, "EA603", "");
    case "group gone":
      return new TaskError("EA604", "Azure answers 404 for it.");
    case "record gone":
      return new TaskError("EA605", "the pool has no agent of its id any more.");
    case "starting": {
      const events = reading.group?.events ?? [];
      const shown = eventFailure(events);
      if (shown && hopeless.has(shown.code)) return shown;
      if (onlineMs === 0 || reading.watchedMs < onlineMs) return undefined;
      return missing(events, notStarted(reading) ? "EA616" : "EA602", `after ${seconds(onlineMs)}: ${now.state}`);
    }
    default:
      return undefined;
  }
}
