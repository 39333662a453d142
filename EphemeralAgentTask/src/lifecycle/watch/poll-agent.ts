// Polls an agent's record and container group until a decision is reached.
import type { AgentView, ContainerGroupView, JobRequest } from "../../ports.ts";
import type { Context } from "../step/step-context.ts";
import { unseenMs } from "../step/wait-until-visible.ts";
import { type AgentState, agentState, describe, isGone, pauseAfter, readsToConfirm } from "./agent-state.ts";

/** An agent that has a record and a container group. */
export interface Agent {
  /** Of the record, the group and the container. */
  readonly name: string;
  readonly id: number;
}

export interface Reading {
  readonly agentState: AgentState;
  /** The agent's record; undefined when there is none (yet). */
  readonly record: AgentView | undefined;
  readonly group: ContainerGroupView | undefined;
  /** True when the listener has been online at any time. */
  readonly wasOnline: boolean;
  /** Milliseconds since the watch began, and since the kind of state last changed. */
  readonly watchedMs: number;
  readonly unchangedMs: number;
}

/**
 * Watches one agent from both sides until `react` has an outcome. State changes are told in one line each.
 * @param react called with every believed reading
 * @throws `ServiceFault` when a service stays away, `Cancelled` when the step is
 */
export async function pollAgent<T>(
  context: Context,
  agent: Agent,
  react: (reading: Reading) => Promise<T | undefined>,
): Promise<T> {
  const { clock, host, signal, say, consistency, agentReads } = context;
  const began = clock.now();
  let told = "";
  let kind = "";
  let changed = began;
  let toldAt = began;
  let doubted = 0;
  let seen: JobRequest | undefined;
  let wasOnline = false;
  let group: ContainerGroupView | undefined;
  let groupReadAt = Number.NEGATIVE_INFINITY;
  let doubting = true;
  async function readGroup(): Promise<ContainerGroupView | undefined> {
    // A state that is not believed yet is read again each time.
    if (!doubting && group !== undefined && clock.now() - groupReadAt < agentReads.groupApartMs) return group;
    groupReadAt = clock.now();
    return host.get(agent.name);
  }
  for (;;) {
    const [record, readNow] = await Promise.all([agentReads.record(agent), readGroup()]);
    group = readNow;
    const now = agentState(record, group, seen);
    doubting = readsToConfirm(now) > 0;
    if (now.kind === "assigned" || now.kind === "lost") seen = now.request;
    wasOnline ||= record?.online === true;
    if (now.kind !== kind) {
      kind = now.kind;
      changed = clock.now();
      doubted = 0;
    }
    const unseen =
      (record === undefined && !consistency.recordSeen(agent.name)) ||
      (group === undefined && !consistency.groupSeen(agent.name));
    // A group that has been seen is not gone because a read or two answer 404.
    const doubtful = unseen || (group === undefined && isGone(now));
    const settled = !doubtful || clock.now() - changed >= unseenMs;
    if (doubted++ >= readsToConfirm(now) && (settled || !isGone(now))) {
      const line = describe(now);
      if (line !== told) {
        say(`${agent.name}: ${line}`);
        told = line;
        toldAt = clock.now();
      }
      const read = {
        agentState: now,
        record,
        group,
        wasOnline,
        watchedMs: clock.now() - began,
        unchangedMs: clock.now() - changed,
      };
      const outcome = await react(read);
      if (outcome !== undefined) return outcome;
    }
    await clock.sleep(Math.max(pauseAfter(now, clock.now() - toldAt), agentReads.recordApartMs), signal);
  }
}
