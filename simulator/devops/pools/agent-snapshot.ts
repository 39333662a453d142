// A copy of an agent record for tests to look at.
import type { AgentRecord } from "./pool-state.ts";

/** What is known of an agent record at one moment. */
export interface AgentSnapshot {
  readonly poolName: string;
  readonly id: number;
  readonly name: string;
  readonly status: "online" | "offline";
  readonly enabled: boolean;
  /** True for a record that the simulator's owner put there: it is no leftover. */
  readonly seeded: boolean;
  readonly systemCapabilities: Readonly<Record<string, string>>;
  readonly userCapabilities: Readonly<Record<string, string>>;
  readonly assignedRequestId: number | undefined;
}

export function snapshot(agent: AgentRecord): AgentSnapshot {
  const { pool, id, name, status, enabled, seeded, systemCapabilities, userCapabilities, assigned } = agent;
  return {
    poolName: pool.name,
    id,
    name,
    status,
    enabled,
    seeded,
    systemCapabilities,
    userCapabilities,
    assignedRequestId: assigned?.requestId,
  };
}
