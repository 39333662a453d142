import type { Site } from "../http/site.ts";
import type { JobQueue } from "./job-queue.ts";
import type { OrganizationOptions } from "./options.ts";
import type { NewRun, Project, Run } from "./runs.ts";

/** The hosts of one organization. */
export interface OrganizationSites {
  readonly devops: Site;
  /** Where `authorizationUrl` of an agent points to. */
  readonly oauth: Site;
  /** Where the agent package is downloaded from. */
  readonly downloads: Site;
}

export type PoolRole = "Administrator" | "User" | "Reader" | "ServiceAccount";

export interface JobTokenRequest {
  readonly run: Run;
  /** Its role in every pool; the build service's own when left out, none at all for `null`. */
  readonly poolRole?: PoolRole | null;
  /** Milliseconds until it expires; it does not when left out. */
  readonly lifetimeMs?: number;
}

export interface IssuedToken {
  readonly token: string;
  revoke(): void;
}

/** What is known of an agent record at this moment. */
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

/** An Azure DevOps organization: served over HTTPS to anybody, driven from here by the simulator. */
export interface Organization extends JobQueue {
  /** The collection URI with its slash, `https://localhost:PORT/contoso/`. */
  readonly url: string;
  readonly projects: readonly Project[];
  /** A personal access token that may administer every pool; also accepted as a job token. */
  readonly pat: string;
  createRun(request: NewRun): Run;
  /** `System.AccessToken` of a job of the run. */
  issueJobToken(request: JobTokenRequest): IssuedToken;
  /** Adds an offline record that meets the demand `EphemeralAgent` and `capabilities`; it counts as seeded. */
  addPlaceholder(poolName: string, capabilities?: Readonly<Record<string, string>>): AgentSnapshot;
  agents(): AgentSnapshot[];
  /** Ends every timer and open poll. */
  close(): void;
}

/** Serves an organization on its sites. */
export async function createOrganization(
  _sites: OrganizationSites,
  _options: Partial<OrganizationOptions> = {},
): Promise<Organization> {
  throw new Error("The organization cannot be served yet.");
}
