// The options of a simulated organization, with their defaults.
import type { AgentPackage } from "./pools/agent-packages.ts";

/** Everything about an organization that a test may want otherwise. Times are in milliseconds. */
export interface OrganizationOptions {
  readonly name: string;
  readonly projects: readonly string[];
  readonly pools: readonly string[];
  /** The version the service offers as the latest agent package. */
  readonly agentVersion: string;
  /** How long an empty poll for messages stays open; about 50 s at the service (facts agent-protocol §3.3). */
  readonly longPollMs: number;
  /** How long an assigned job is waited for without a renewal; 10 minutes at the service. */
  readonly lockMs: number;
  /** How long after its last poll an agent counts as offline and its session as expired. */
  readonly offlineAfterMs: number;
  /** Lifetime of the token an agent gets for its own key; about 50 minutes at the service. */
  readonly agentTokenMs: number;
  /** What the stand-in agent multiplies its own pauses by: 5–15 s after an empty poll, 30 s keep-alive, 60 s renewal. */
  readonly agentTimeScale: number;
  /** Whether the agent package has a node of its own, as the real one does: for containers whose image has none. */
  readonly agentBringsNode: boolean;
  /** The package that is offered; the stand-in agent's when left out. */
  readonly agentPackage?: () => Promise<AgentPackage>;
  /** How a request without valid credentials is answered: 401, or the 203 with a sign-in page that the service has too. */
  readonly unauthenticated: "401" | "203";
  /** Whether user capabilities sent with the POST of an agent are kept; nobody could try it (facts §11.7). */
  readonly keepPostedCapabilities: boolean;
  /** Which of an agent's two fields changes first when its job has ended, and for how many reads it is ahead. */
  readonly clearing: { readonly first: "assignedRequest" | "lastCompletedRequest"; readonly reads: number };
  /** Whether finished job requests are shown without their result, as two of five that were recorded are. */
  readonly hideResults: boolean;
  /** What becomes of a queued job when the last record that matched it is deleted (facts §11.6). */
  readonly orphanedRequests: "fail" | "stay";
  /** What a listener whose record was deleted is told at its next poll (facts §4.3). */
  readonly deletedAgent: "notFound" | "tokenRevoked";
  /** How many self-hosted jobs the organization may run at once. */
  readonly parallelJobs: number;
}

export const defaultOptions: OrganizationOptions = {
  name: "contoso",
  projects: ["Shop"],
  pools: ["ephemeral-agents"],
  agentVersion: "5.278.0",
  longPollMs: 5_000,
  lockMs: 10_000,
  offlineAfterMs: 5_000,
  agentTokenMs: 50 * 60_000,
  agentTimeScale: 0.05,
  agentBringsNode: false,
  unauthenticated: "401",
  keepPostedCapabilities: false,
  clearing: { first: "assignedRequest", reads: 1 },
  hideResults: false,
  orphanedRequests: "fail",
  deletedAgent: "notFound",
  parallelJobs: Number.POSITIVE_INFINITY,
};

/**
 * The service's own times, in which an agent from outside lives: it renews its job every 60 s, and polls again after up to
 * 15 s. After how many minutes without a poll the service takes an agent for offline is a guess.
 */
export const realTimes = {
  longPollMs: 50_000,
  lockMs: 5 * 60_000,
  offlineAfterMs: 3 * 60_000,
  agentTimeScale: 1,
} as const satisfies Partial<OrganizationOptions>;
