// A pool, its agents and its job requests: what they are while the simulator runs, each with the others that it belongs to.

import type { TaskResult } from "../../job-execution/job/job-message.ts";
import type { PoolRole } from "../identity/identities.ts";
import type { Demand } from "../jobs/demands.ts";
import type { JobOffer, JobOutcome } from "../jobs/job-queue.ts";
import type { Session } from "../sessions/session.ts";
import type { PublicKey } from "./agent-public-key.ts";

export type Capabilities = Readonly<Record<string, string>>;

/** An entry of a pool. It is online while a listener has a session for it. */
export interface AgentRecord {
  readonly id: number;
  readonly pool: AgentPool;
  name: string;
  version: string;
  osDescription: string;
  enabled: boolean;
  maxParallelism: number;
  provisioningState: string;
  readonly createdOn: string;
  statusChangedOn: string;
  status: "online" | "offline";
  /** Its OAuth client. */
  clientId: string;
  publicKey: PublicKey | undefined;
  systemCapabilities: Capabilities;
  userCapabilities: Capabilities;
  session: Session | undefined;
  assigned: JobRequest | undefined;
  lastCompleted: JobRequest | undefined;
  clearing: Clearing | undefined;
  /** Put there by the simulator's owner, so it is no leftover. */
  readonly seeded: boolean;
}

/** The moment after a job when the two fields that tell of it do not agree yet (facts agent-protocol §4.2 point 4). */
interface Clearing {
  readonly finished: JobRequest;
  readonly previous: JobRequest | undefined;
  readonly first: "assignedRequest" | "lastCompletedRequest";
  readsLeft: number;
}

/** A job waiting for, assigned to or finished by an agent of a pool. */
export interface JobRequest {
  readonly requestId: number;
  readonly poolId: number;
  readonly offer: JobOffer;
  readonly demands: readonly Demand[];
  readonly queueTime: string;
  /** Ids of the organization and of the service, shown with every request. */
  readonly hostId: string;
  readonly serviceOwner: string;
  readonly definition: object;
  readonly owner: object;
  assignTime?: string;
  /** First renewal: the agent has begun. */
  receiveTime?: string;
  lockedUntil?: string;
  finishTime?: string;
  result?: TaskResult;
  agent?: AgentRecord;
  /** Two of five finished requests that were recorded have no result. */
  readonly resultHidden: boolean;
  /** The agent as it was when it got the job; its record may be gone. */
  reservedAgent?: object;
  /** Ends the wait for the agent: for its renewal, or for its answer to a cancellation. */
  timer?: NodeJS.Timeout;
  cancelTimer?: NodeJS.Timeout;
  settle(outcome: JobOutcome): void;
}

export interface AgentPool {
  readonly id: number;
  readonly name: string;
  readonly scope: string;
  /** The collection's address, for the links in whatever is shown of the pool. */
  readonly serverUrl: string;
  readonly createdOn: string;
  /** "Allow agents in this pool to automatically update". */
  autoUpdate: boolean;
  readonly agents: Map<number, AgentRecord>;
  readonly requests: JobRequest[];
  /** Role by identity id; an identity that is not listed administers the pool, `null` has no role. */
  readonly roles: Map<string, PoolRole | null>;
}
