// Decides which state an agent is in, from its record and its container group. Pure.

import type { AgentView, ContainerGroupView, ContainerState, JobRequest } from "../../ports.ts";
import { jobOfRun } from "./job-description.ts";

export type AgentState =
  /** The container group is being created, or the listener is not online yet. */
  | { readonly kind: "starting"; readonly state: string; readonly running: boolean }
  | { readonly kind: "online" }
  | { readonly kind: "assigned"; readonly request: JobRequest }
  /** The job is over; the request is missing when the service no longer shows which it was. */
  | { readonly kind: "finished"; readonly request: JobRequest | undefined }
  /** The container has ended or is gone, although the service still shows the job as running. */
  | { readonly kind: "lost"; readonly request: JobRequest; readonly group: ContainerGroupView | undefined }
  /** The container ended without a job. */
  | { readonly kind: "ended"; readonly group: ContainerGroupView }
  | { readonly kind: "failed"; readonly group: ContainerGroupView }
  | { readonly kind: "group gone" }
  | { readonly kind: "record gone" };

/** Failed only says that Azure has given up waiting for the container (facts aci-azure-sdk §0.2): its agent may be there. */
const over = (group: ContainerGroupView | undefined, online: boolean) =>
  group === undefined || group.container?.state === "Terminated" || (group.provisioningState === "Failed" && !online);

/**
 * @param agent the record, undefined when the pool has it no more
 * @param group the container group, undefined when Azure has it no more
 * @param seen the request the agent was last seen with
 */
export function agentState(
  agent: AgentView | undefined,
  group: ContainerGroupView | undefined,
  seen: JobRequest | undefined,
): AgentState {
  // A fresh agent has no earlier job, so any completed one is its own (facts agent-protocol §4.2).
  if (agent?.lastCompletedRequest) return { kind: "finished", request: agent.lastCompletedRequest };
  if (agent === undefined) return { kind: "record gone" };
  if (agent.assignedRequest) {
    return over(group, agent.online)
      ? { kind: "lost", request: agent.assignedRequest, group }
      : { kind: "assigned", request: agent.assignedRequest };
  }
  if (seen) return { kind: "finished", request: undefined };
  if (group === undefined) return { kind: "group gone" };
  if (group.container?.state === "Terminated") return { kind: "ended", group };
  if (agent.online) return { kind: "online" };
  if (group.provisioningState === "Failed") return { kind: "failed", group };
  const container = group.container ? `, container ${group.container.state.toLowerCase()}` : "";
  const state = `container group ${group.provisioningState.toLowerCase()}${container}`;
  return { kind: "starting", state, running: group.container?.state === "Running" };
}

/**
 * How many more reads must agree before a standing is believed. The two services are read a moment apart and the
 * service may clear `assignedRequest` before `lastCompletedRequest` appears (design §8), so an ending that could still
 * turn into "finished" is read again.
 */
export function readsToConfirm(now: AgentState): number {
  switch (now.kind) {
    case "lost":
      return 10;
    case "ended":
    case "group gone":
      return 3;
    case "record gone":
      return 1;
    case "finished":
      return now.request ? 0 : 12;
    default:
      return 0;
  }
}

/** True when the standing comes of a record or a group that is not shown: one that was just made may not be shown yet. */
export const isGone = (now: AgentState): boolean =>
  now.kind === "record gone" || now.kind === "group gone" || (now.kind === "lost" && now.group === undefined);

const soonMs = 300;

/**
 * Milliseconds until the next read: short while something is about to happen, longer while a job runs.
 * @param sinceMs how long its line in the log has been the same
 */
export function pauseAfter(now: AgentState, sinceMs: number): number {
  // For a moment the service shows the job neither as running nor as finished, and the step waits for it.
  // So it is when the container has ended and the service has not said yet what became of the job.
  if (now.kind === "finished" || now.kind === "lost") return soonMs;
  // A listener is online seconds after its container runs, the job that waits for it comes at once, and nobody knows how long
  // that takes. Many are short, and for a long one a second does not matter.
  const soon = now.kind === "assigned" || now.kind === "online" || (now.kind === "starting" && now.running);
  if (soon && sinceMs < 10_000) return soonMs;
  if (now.kind === "assigned") return sinceMs < 120_000 ? 1_000 : sinceMs < 900_000 ? 2_000 : 5_000;
  if (now.kind === "online") return sinceMs < 120_000 ? 1_000 : 3_000;
  return 1_000;
}

/** How a container ended, in Azure's words. Some endings have no exit code (recorded 2021 and 2024). */
function endingOf(container: ContainerState | undefined): string {
  const { exitCode, detailStatus } = container ?? {};
  const code = exitCode === undefined ? "no exit code" : `exit code ${exitCode}`;
  return detailStatus ? `${code}, ${detailStatus}` : code;
}

/** One line for the log. */
export function describe(now: AgentState): string {
  switch (now.kind) {
    case "starting":
      return now.state;
    case "online":
      return "online";
    case "assigned":
      return `running ${jobOfRun(now.request)}`;
    case "finished":
      return `job finished: ${now.request?.result ?? "result unknown"}`;
    case "lost":
      return "container ended while its job was running";
    case "ended":
      return `container ended (${endingOf(now.group.container)})`;
    case "failed":
      return "container group failed";
    default:
      return now.kind === "group gone" ? "container group is gone" : "agent record is gone";
  }
}
