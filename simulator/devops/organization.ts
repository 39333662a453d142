import { buildAgentPackage } from "../agent/package.ts";
import type { Site } from "../http/site.ts";
import { authorizationUrl, serveAgentOauth } from "./agent-oauth.ts";
import { serveAgents } from "./agents.ts";
import { createApi } from "./api.ts";
import { serveBuilds } from "./builds.ts";
import { serveConnectionData } from "./connection-data.ts";
import { Identities, type PoolRole, personalAccessToken } from "./identities.ts";
import type { JobQueue } from "./job-queue.ts";
import { serveJobRequests } from "./job-requests.ts";
import { createLevers, type Levers } from "./levers.ts";
import { serveLocations } from "./locations.ts";
import { serveMessages } from "./messages.ts";
import { defaultOptions, type OrganizationOptions } from "./options.ts";
import { servePackages } from "./packages.ts";
import { servePlanEvents } from "./plan-events.ts";
import { servePlanTimeline } from "./plan-timeline.ts";
import { Pools, servePools } from "./pools.ts";
import { QueueRules } from "./queue-rules.ts";
import { newRecord } from "./registration.ts";
import { type NewRun, type Project, type Run, Runs } from "./runs.ts";
import { Sessions, serveSessions } from "./sessions.ts";
import { type AgentSnapshot, snapshot } from "./snapshot.ts";

/** The hosts of one organization. */
export interface OrganizationSites {
  readonly devops: Site;
  /** Where `authorizationUrl` of an agent points to. */
  readonly oauth: Site;
  /** Where the agent package is downloaded from. */
  readonly downloads: Site;
}

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

/** An Azure DevOps organization: served over HTTPS to anybody, driven from here by the simulator. */
export interface Organization extends JobQueue {
  /** The collection URI with its slash, `https://localhost:PORT/contoso/`. */
  readonly url: string;
  readonly projects: readonly Project[];
  /** A personal access token that may administer every pool; also accepted as a job token. */
  readonly pat: string;
  readonly levers: Levers;
  createRun(request: NewRun): Run;
  /** `System.AccessToken` of a job of the run. */
  issueJobToken(request: JobTokenRequest): IssuedToken;
  /** Another personal access token of the owner, with a lesser role in every pool. */
  issuePersonalAccessToken(poolRole: PoolRole | null): IssuedToken;
  /** What the build service of a project may do in a pool; it administers every pool at first. */
  setBuildServiceRole(poolName: string, projectName: string, role: PoolRole | null): void;
  /** Adds an offline record that meets the demand `EphemeralAgent` and `capabilities`; it counts as seeded. */
  addPlaceholder(poolName: string, capabilities?: Readonly<Record<string, string>>): AgentSnapshot;
  agents(): AgentSnapshot[];
  /** Ends every timer and open poll. */
  close(): void;
}

/** Serves an organization on its sites. */
export async function createOrganization(
  { devops, oauth, downloads }: OrganizationSites,
  overrides: Partial<OrganizationOptions> = {},
): Promise<Organization> {
  const options = { ...defaultOptions, ...overrides };
  const url = `${devops.origin}/${options.name}/`;
  const identities = new Identities();
  const pools = new Pools();
  const runs = new Runs(options.projects);
  const queue = new QueueRules(pools, options);
  const sessions = new Sessions(pools, queue, options);
  const messages = { dropKeepAlives: false };
  const pat = identities.issue({ identity: identities.owner }, personalAccessToken()).token;
  for (const name of options.pools) pools.add(name);

  const api = createApi(devops, options.name, identities, options.unauthenticated);
  serveLocations(api, url);
  serveConnectionData(api, url);
  servePools(api, pools);
  serveAgents(api, { pools, queue, identities, options, authorizationUrl: authorizationUrl(oauth), serverUrl: url });
  serveSessions(api, sessions);
  serveMessages(api, sessions, options, messages);
  serveJobRequests(api, pools, sessions, queue);
  servePlanEvents(api, pools, queue);
  servePlanTimeline(api, pools, runs);
  serveBuilds(api, runs, url);
  serveAgentOauth({ site: oauth, pools, identities, tokenMs: options.agentTokenMs });
  const { agentVersion: version, agentTimeScale: timeScale } = options;
  servePackages({ api, downloads, version, build: () => buildAgentPackage({ version, timeScale }) });

  const poolNamed = (name: string) => {
    const pool = pools.named(name);
    if (pool === undefined) throw new Error(`The organization has no pool ${name}.`);
    return pool;
  };

  return {
    url,
    projects: runs.projects,
    pat,
    levers: createLevers({ pools, queue, sessions, messages, options }),
    queue: (offer) => queue.queue(offer),
    createRun: (request) => runs.create(request),
    issueJobToken({ run, poolRole, lifetimeMs }) {
      const { token } = identities.issue({
        identity: identities.buildService(run.project.name, options.name),
        planId: run.planId,
        ...(poolRole === undefined ? {} : { poolRole }),
        ...(lifetimeMs === undefined ? {} : { expires: Date.now() + lifetimeMs }),
      });
      return { token, revoke: () => identities.revoke(token) };
    },
    issuePersonalAccessToken(poolRole) {
      const { token } = identities.issue({ identity: identities.owner, poolRole }, personalAccessToken());
      return { token, revoke: () => identities.revoke(token) };
    },
    setBuildServiceRole(poolName, projectName, role) {
      poolNamed(poolName).roles.set(identities.buildService(projectName, options.name).id, role);
    },
    addPlaceholder(poolName, capabilities = {}) {
      const pool = poolNamed(poolName);
      const agent = newRecord(pool, pools.nextAgentId(), `placeholder-${pool.agents.size + 1}`, true);
      agent.version = version;
      agent.systemCapabilities = { "Agent.Name": agent.name, "Agent.Version": version, "Agent.OS": "Linux" };
      agent.userCapabilities = { EphemeralAgent: "true", ...capabilities };
      pool.agents.set(agent.id, agent);
      queue.assign(pool);
      return snapshot(agent);
    },
    agents: () => pools.all().flatMap((pool) => [...pool.agents.values()].map(snapshot)),
    close() {
      queue.close();
      sessions.end();
    },
  };
}
