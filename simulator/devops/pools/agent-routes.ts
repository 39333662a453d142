// The routes of agent records.
import { randomUUID } from "node:crypto";
import type { Api, ApiRequest } from "../api-routes.ts";
import type { Identities } from "../identity/identities.ts";
import { meets, parseDemand } from "../jobs/demands.ts";
import type { QueueRules } from "../jobs/job-assignment.ts";
import { collection, fields, optionalBoolean, optionalNumber, text, textMap } from "../json-fields.ts";
import type { OrganizationOptions } from "../organization-options.ts";
import { agentNotFound, invalidArgument, ServiceError } from "../service-error.ts";
import { capabilities } from "./agent-record.ts";
import { describe, newRecord, sentCapabilities } from "./agent-registration.ts";
import { agentView, inclusions, registrationView } from "./agent-view.ts";
import type { AgentPool, AgentRecord } from "./pool-state.ts";
import type { Pools } from "./pools.ts";

interface AgentsContext {
  readonly pools: Pools;
  readonly queue: QueueRules;
  readonly identities: Identities;
  readonly options: OrganizationOptions;
  readonly authorizationUrl: string;
  readonly serverUrl: string;
}

const agentsRoute = "_apis/distributedtask/pools/:poolId/agents";
const agentRoute = `${agentsRoute}/:agentId`;

/** The records of a pool: registering, reading, changing and deleting them (facts agent-protocol §1.2, §4.1, §4.3). */
export function serveAgents(api: Api, context: AgentsContext): void {
  const { pools, queue, identities, options, authorizationUrl, serverUrl } = context;
  const registered = (agent: AgentRecord): { status: number; body: object } => ({
    status: 200,
    body: registrationView(agent, authorizationUrl, serverUrl),
  });

  api.route("GET", agentsRoute, (request) => {
    const pool = pools.demand(request, "View");
    const name = request.query("agentName")?.toLowerCase();
    const demands = request.query("demands")?.split(",").map(parseDemand) ?? [];
    const asked = name === undefined || name === "" ? [...pool.agents.values()] : named(pool, name);
    const matching = asked.filter((agent) => demands.every((demand) => meets(capabilities(agent), demand)));
    return { status: 200, body: collection(matching.map((agent) => agentView(agent, inclusions(request)))) };
  });

  api.route("GET", agentRoute, (request) => {
    const pool = pools.demand(request, "View");
    return { status: 200, body: agentView(find(pool, request), inclusions(request)) };
  });

  api.route("POST", agentsRoute, (request) => {
    const pool = pools.demand(request, "Manage");
    const sent = fields(request.body(), "The agent");
    const name = text(sent, "name");
    if (named(pool, name.toLowerCase()).length > 0) {
      const message = `Pool ${pool.id} already contains an agent with name ${name}.`;
      throw new ServiceError(409, "TaskAgentExistsException", message);
    }
    const agent = newRecord(pool, pools.nextAgentId(), name);
    describe(agent, sent);
    if (options.keepPostedCapabilities) agent.userCapabilities = sentCapabilities(sent, "userCapabilities");
    pool.agents.set(agent.id, agent);
    queue.assign(pool);
    return registered(agent);
  });

  api.route("PUT", agentRoute, (request) => {
    const pool = pools.demand(request, "Manage");
    const agent = find(pool, request);
    const sent = fields(request.body(), "The agent");
    identities.revokeAll(agent.clientId);
    agent.clientId = randomUUID();
    describe(agent, sent);
    queue.assign(pool);
    return registered(agent);
  });

  api.route("PATCH", agentRoute, (request) => {
    const pool = pools.demand(request, "Manage");
    const agent = find(pool, request);
    const sent = fields(request.body(), "The agent");
    if (optionalNumber(sent, "id") !== agent.id) throw invalidArgument(`id in the body must be ${agent.id}.`);
    agent.enabled = optionalBoolean(sent, "enabled") ?? agent.enabled;
    agent.maxParallelism = optionalNumber(sent, "maxParallelism") ?? agent.maxParallelism;
    queue.assign(pool);
    return { status: 200, body: agentView(agent, inclusions(request)) };
  });

  api.route("PUT", `${agentRoute}/usercapabilities`, (request) => {
    const pool = pools.demand(request, "Manage");
    const agent = find(pool, request);
    agent.userCapabilities = textMap(request.body(), "The user capabilities");
    queue.assign(pool);
    return { status: 200, body: agentView(agent, { ...inclusions(request), capabilities: true }) };
  });

  api.route("DELETE", agentRoute, (request) => {
    const pool = pools.demand(request, "Manage");
    const agent = find(pool, request);
    if (agent.assigned !== undefined) {
      const message = `Agent "${agent.name}" is running a job for pool "${pool.name}"`;
      throw new ServiceError(400, "TaskAgentJobStillRunningException", message);
    }
    pool.agents.delete(agent.id);
    agent.session?.end();
    queue.recordDeleted(pool);
    return { status: 204 };
  });
}

function find(pool: AgentPool, request: ApiRequest): AgentRecord {
  const id = request.param("agentId");
  const agent = pool.agents.get(Number(id));
  if (agent === undefined) throw agentNotFound(id);
  return agent;
}

function named(pool: AgentPool, lowerCaseName: string): AgentRecord[] {
  return [...pool.agents.values()].filter((agent) => agent.name.toLowerCase() === lowerCaseName);
}
