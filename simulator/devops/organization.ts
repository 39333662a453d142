// A simulated Azure DevOps organization: assembles its routes and its state.
import { randomUUID } from "node:crypto";
import type { Site } from "../http/https-site.ts";
import { buildAgentPackage } from "../stand-in-agent/build-package.ts";
import { createApi } from "./api-routes.ts";
import { serveConnectionData } from "./discovery/connection-data.ts";
import { serveLocations } from "./discovery/discovery-routes.ts";
import { authorizationUrl, serveAgentOauth } from "./identity/agent-token-endpoint.ts";
import { EntraSignIn, type Member } from "./identity/entra-sign-in.ts";
import { Identities, type PoolRole, personalAccessToken } from "./identity/identities.ts";
import { serveOidcTokens } from "./identity/job-oidc-tokens.ts";
import {
  type ConnectedTenant,
  createOidc,
  type FederatedConnection,
  type Federation,
  type Oidc,
} from "./identity/oidc-issuer.ts";
import { createLevers, type Levers } from "./injected-faults.ts";
import { QueueRules } from "./jobs/job-assignment.ts";
import type { JobQueue } from "./jobs/job-queue.ts";
import { serveJobRequests } from "./jobs/job-request-routes.ts";
import { defaultOptions, type OrganizationOptions } from "./organization-options.ts";
import { servePackages } from "./pools/agent-packages.ts";
import { newRecord } from "./pools/agent-registration.ts";
import { serveAgents } from "./pools/agent-routes.ts";
import { type AgentSnapshot, snapshot } from "./pools/agent-snapshot.ts";
import { type MaintenanceSetting, serveMaintenance, setMaintenance } from "./pools/pool-maintenance.ts";
import { servePoolPermissions } from "./pools/pool-permissions.ts";
import { Pools, servePools } from "./pools/pools.ts";
import { serveQueues } from "./pools/project-queues.ts";
import { serveAttachments } from "./runs/attachments.ts";
import { serveBuilds } from "./runs/build-routes.ts";
import { servePlanEvents } from "./runs/job-completed-event.ts";
import { type NewRun, type Project, type Run, Runs } from "./runs/runs.ts";
import { serveTimelines } from "./runs/timeline-routes.ts";
import { servePlanTimeline } from "./runs/worker-report-routes.ts";
import { serveCustomerIntelligence } from "./sessions/agent-telemetry.ts";
import { serveAgentUpdates } from "./sessions/agent-updates.ts";
import { serveFeatureFlags } from "./sessions/feature-flags.ts";
import { serveMessages } from "./sessions/message-routes.ts";
import { Sessions, serveSessions } from "./sessions/session-routes.ts";
import { serveTaskPackages, TaskPackages } from "./task-packages.ts";

/** The hosts of one organization. */
interface OrganizationSites {
  readonly devops: Site;
  /** Where `authorizationUrl` of an agent points to. */
  readonly oauth: Site;
  /** Where the agent package is downloaded from. */
  readonly downloads: Site;
}

interface JobTokenRequest {
  readonly run: Run;
  /** Its role in every pool; the build service's own when left out, none at all for `null`. */
  readonly poolRole?: PoolRole | null;
  /** Milliseconds until it expires; it does not when left out. */
  readonly lifetimeMs?: number;
  /** Ids of the service connections that the job's steps name; it may use any when left out. */
  readonly serviceConnections?: readonly string[];
}

interface IssuedToken {
  readonly token: string;
  revoke(): void;
}

/** An Azure DevOps organization: served over HTTPS to anybody, driven from here by the simulator. */
export interface Organization extends JobQueue {
  /** The collection URI with its slash, `https://localhost:PORT/contoso/`. */
  readonly url: string;
  readonly id: string;
  readonly projects: readonly Project[];
  /** A personal access token that may administer every pool; also accepted as a job token. */
  readonly pat: string;
  readonly levers: Levers;
  /** Who vouches for its pipelines to others. */
  readonly oidc: Oidc;
  /**
   * Lets jobs get tokens for the connection.
   * @returns what to enter at the application it stands for.
   */
  addFederatedConnection(connection: FederatedConnection): Federation;
  /** Tells of a service connection that is not federated, so that asking for its token is refused by that reason. */
  addConnection(id: string): void;
  /** Takes a service principal of the connected tenant in: its tokens for Azure DevOps are then taken. */
  addServicePrincipal(member: Member): void;
  createRun(request: NewRun): Run;
  /** Offers a task to the organization's agents, from the folder that holds its `task.json`. */
  installTask(folder: string): void;
  /** `System.AccessToken` of a job of the run. */
  issueJobToken(request: JobTokenRequest): IssuedToken;
  /** Another personal access token of the owner, with a lesser role in every pool. */
  issuePersonalAccessToken(poolRole: PoolRole | null): IssuedToken;
  /**
   * "Limit job authorization scope to current project", for the tokens of jobs that start from now on: whether they act
   * for their project, as they do at first, or for the whole collection (facts agent-protocol §6).
   */
  setJobAuthorizationScope(scope: "project" | "collection"): void;
  /** "Allow agents in this pool to automatically update", which is on at first. */
  setAutoUpdate(poolName: string, on: boolean): void;
  /** The pool's maintenance plan, which is off at first; undefined turns it off again. */
  setMaintenance(poolName: string, setting: MaintenanceSetting | undefined): void;
  /** What the build service of a project may do in a pool; it administers every pool at first. */
  setBuildServiceRole(poolName: string, projectName: string, role: PoolRole | null): void;
  /** Adds an offline record that meets the demand `EphemeralAgent` and `capabilities`; it counts as seeded. */
  addPlaceholder(poolName: string, capabilities?: Readonly<Record<string, string>>): AgentSnapshot;
  agents(): AgentSnapshot[];
  /** Ends every timer and open poll. */
  close(): void;
}

/** Serves an organization on its sites. @param tenant that it is connected to, if it is to one. */
export async function createOrganization(
  { devops, oauth, downloads }: OrganizationSites,
  overrides: Partial<OrganizationOptions> = {},
  tenant?: ConnectedTenant,
): Promise<Organization> {
  const options = { ...defaultOptions, ...overrides };
  const url = `${devops.origin}/${options.name}/`;
  const identities = new Identities();
  const pools = new Pools(url);
  const runs = new Runs(options.projects);
  const tasks = new TaskPackages();
  const queue = new QueueRules(pools, options, url);
  const sessions = new Sessions(pools, queue, options);
  const messages = { dropKeepAlives: false };
  const pat = identities.issue({ identity: identities.owner }, personalAccessToken()).token;
  for (const name of options.pools) pools.add(name);

  const signIn = new EntraSignIn(tenant);
  const api = createApi(devops, options.name, {
    authenticate: (authorization) => signIn.authenticate(identities, authorization),
    unauthenticated: options.unauthenticated,
    tenant,
  });
  const organization = { id: randomUUID(), name: options.name };
  const oidc = createOidc({ site: oauth, organization, tenant });
  const connections = new Map<string, FederatedConnection | undefined>();
  serveOidcTokens(api, { oidc, runs, connections });
  serveLocations(api, url);
  serveConnectionData(api, url, organization.id);
  servePools(api, pools, identities.owner);
  servePoolPermissions(api, pools);
  serveMaintenance(api, pools);
  serveAgents(api, { pools, queue, identities, options, authorizationUrl: authorizationUrl(oauth), serverUrl: url });
  serveSessions(api, sessions);
  serveMessages(api, sessions, options, messages);
  serveJobRequests(api, { pools, sessions, queue, runs });
  servePlanEvents(api, pools, runs, queue);
  servePlanTimeline(api, pools, runs, url);
  serveTimelines(api, pools, runs);
  serveAttachments(api, pools, runs, url);
  serveBuilds(api, { runs, pools, serverUrl: url, owner: identities.owner });
  serveQueues(api, pools, runs);
  serveFeatureFlags(api, url);
  serveCustomerIntelligence(api);
  serveAgentUpdates(api, sessions);
  serveTaskPackages(api, tasks);
  serveAgentOauth({ site: oauth, pools, identities, tokenMs: options.agentTokenMs });
  const { agentVersion: version, agentTimeScale: timeScale, agentBringsNode: withNode } = options;
  const build = options.agentPackage ?? (() => buildAgentPackage({ version, timeScale, withNode }));
  servePackages({ api, downloads, version, build });

  const poolNamed = (name: string) => {
    const pool = pools.named(name);
    if (pool === undefined) throw new Error(`The organization has no pool ${name}.`);
    return pool;
  };

  let jobScope: "project" | "collection" = "project";
  const ofProject = ({ id, name }: Project) => identities.buildService(`${name} Build Service (${options.name})`, id);
  const ofCollection = () =>
    identities.buildService(`Project Collection Build Service (${options.name})`, organization.id);

  return {
    url,
    id: organization.id,
    projects: runs.projects,
    pat,
    levers: createLevers({ pools, queue, sessions, messages, options }),
    oidc,
    addFederatedConnection(connection) {
      connections.set(connection.id.toLowerCase(), connection);
      return oidc.federation(connection);
    },
    addConnection: (id) => void connections.set(id.toLowerCase(), undefined),
    addServicePrincipal: (member) => signIn.add(member),
    queue: (offer) => queue.queue(offer),
    createRun: (request) => runs.create(request),
    installTask: (folder) => tasks.install(folder),
    issueJobToken({ run, poolRole, lifetimeMs, serviceConnections }) {
      const { token } = identities.issue({
        identity: jobScope === "project" ? ofProject(run.project) : ofCollection(),
        planId: run.planId,
        ...(serviceConnections === undefined ? {} : { serviceConnections }),
        ...(poolRole === undefined ? {} : { poolRole }),
        ...(lifetimeMs === undefined ? {} : { expires: Date.now() + lifetimeMs }),
      });
      return { token, revoke: () => identities.revoke(token) };
    },
    issuePersonalAccessToken(poolRole) {
      const { token } = identities.issue({ identity: identities.owner, poolRole }, personalAccessToken());
      return { token, revoke: () => identities.revoke(token) };
    },
    setJobAuthorizationScope(scope) {
      jobScope = scope;
    },
    setAutoUpdate(poolName, on) {
      poolNamed(poolName).autoUpdate = on;
    },
    setMaintenance: (poolName, setting) => setMaintenance(poolNamed(poolName), setting),
    setBuildServiceRole(poolName, projectName, role) {
      const project = runs.project(projectName);
      if (project === undefined) throw new Error(`The organization has no project ${projectName}.`);
      poolNamed(poolName).roles.set(ofProject(project).id, role);
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
