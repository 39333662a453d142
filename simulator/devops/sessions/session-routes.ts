// Creates and ends the sessions of agents.

import type { Api, ApiRequest } from "../api-routes.ts";
import { type QueueRules, sendJob } from "../jobs/job-assignment.ts";
import { type Fields, fields, optionalNumber, optionalText, text, textMap } from "../json-fields.ts";
import type { OrganizationOptions } from "../organization-options.ts";
import type { PublicKey } from "../pools/agent-public-key.ts";
import { agentReference, setStatus } from "../pools/agent-record.ts";
import type { AgentRecord } from "../pools/pool-state.ts";
import type { Pools } from "../pools/pools.ts";
import { accessDenied, agentNotFound, ServiceError } from "../service-error.ts";
import { sessionCipher } from "./message-encryption.ts";
import { Session } from "./session.ts";

const sessionsRoute = "_apis/distributedtask/pools/:poolId/sessions";

/** Which agents have a listener, and how long it is believed to be there. */
export class Sessions {
  readonly #pools: Pools;
  readonly #queue: QueueRules;
  readonly #options: OrganizationOptions;
  #lastMessageId = 0;
  readonly #silence = new Map<Session, NodeJS.Timeout>();
  /** Answers to the next attempts to open a session, instead of opening one. */
  readonly refusals: ServiceError[] = [];

  constructor(pools: Pools, queue: QueueRules, options: OrganizationOptions) {
    this.#pools = pools;
    this.#queue = queue;
    this.#options = options;
  }

  /**
   * The record whose own token the caller holds.
   * @throws ServiceError when it is somebody else's token, or the record is gone.
   */
  own(request: ApiRequest): AgentRecord {
    const { identity } = request.caller;
    if (identity.kind !== "agent") throw accessDenied(identity.displayName, "Listen");
    const agent = this.#pools.agent(identity.agentId);
    if (agent === undefined) throw this.#gone(identity.agentId);
    if (agent.pool !== this.#pools.of(request)) throw accessDenied(identity.displayName, "Listen");
    return agent;
  }

  /** The caller's own session. @throws ServiceError when it has ended or expired. */
  current(request: ApiRequest, sessionId: string): { agent: AgentRecord; session: Session } {
    const agent = this.own(request);
    if (agent.session?.id !== sessionId.toLowerCase()) {
      const message = `The session ${sessionId} has expired.`;
      throw new ServiceError(404, "TaskAgentSessionExpiredException", message);
    }
    return { agent, session: agent.session };
  }

  open(agent: AgentRecord, ownerName: string): Session {
    if (agent.session !== undefined) {
      const message = `The task agent ${agent.name} already has an active session for owner ${agent.session.ownerName}.`;
      throw new ServiceError(409, "TaskAgentSessionConflictException", message);
    }
    const session = new Session(ownerName, sessionCipher(publicKeyOf(agent)), () => {
      this.#lastMessageId += 1;
      return this.#lastMessageId;
    });
    agent.session = session;
    setStatus(agent, "online");
    // A job the last session of this agent was given and never began is still its job.
    sendJob(agent);
    this.listen(agent, session);
    this.#queue.assign(agent.pool);
    return session;
  }

  close(agent: AgentRecord, session: Session): void {
    clearTimeout(this.#silence.get(session));
    this.#silence.delete(session);
    session.end();
    if (agent.session !== session) return;
    agent.session = undefined;
    setStatus(agent, "offline");
  }

  /** Starts over the time after which a session without a poll counts as gone. */
  listen(agent: AgentRecord, session: Session): void {
    clearTimeout(this.#silence.get(session));
    if (session.ended.aborted) return;
    const silent = (): void => {
      if (session.openPolls > 0) this.listen(agent, session);
      else this.close(agent, session);
    };
    this.#silence.set(session, setTimeout(silent, this.#options.offlineAfterMs).unref());
  }

  /** What a listener is told whose record was deleted. */
  #gone(agentId: number): ServiceError {
    if (this.#options.deletedAgent === "notFound") return agentNotFound(agentId);
    const message = "The agent's access token has been revoked.";
    return new ServiceError(403, "TaskAgentAccessTokenExpiredException", message);
  }

  end(): void {
    for (const [session, timer] of this.#silence) {
      clearTimeout(timer);
      session.end();
    }
  }
}

/** Opening and closing (facts agent-protocol §3.3 points 2 and 9). */
export function serveSessions(api: Api, sessions: Sessions): void {
  api.route(
    "POST",
    sessionsRoute,
    (request) => {
      const agent = sessions.own(request);
      const refusal = sessions.refusals.shift();
      if (refusal !== undefined) throw refusal;
      const sent = fields(request.body(), "The session");
      const described = fields(sent.get("agent"), "agent");
      if (optionalNumber(described, "id") !== agent.id) throw accessDenied(agent.name, "Listen");
      const session = openDescribed(sessions, agent, sent, described);
      const { id: sessionId, ownerName, encryptionKey } = session;
      return { status: 200, body: { sessionId, ownerName, agent: agentReference(agent), encryptionKey } };
    },
    { agents: true },
  );
  api.route(
    "DELETE",
    `${sessionsRoute}/:sessionId`,
    (request) => {
      const { agent, session } = sessions.current(request, request.param("sessionId"));
      sessions.close(agent, session);
      return { status: 204 };
    },
    { agents: true },
  );
}

/** Nobody but an agent with a key signs in, so whoever opens a session has one. */
function publicKeyOf({ name, publicKey }: AgentRecord): PublicKey {
  if (publicKey === undefined) throw accessDenied(name, "Listen");
  return publicKey;
}

/**
 * The listener knows best what it is: its version and system capabilities replace those of the registration. What the
 * service does with a session without capabilities is not known; the stricter reading is that the record then has none,
 * so jobs with a demand for one do not come (a guess).
 */
function openDescribed(sessions: Sessions, agent: AgentRecord, sent: Fields, described: Fields): Session {
  const ownerName = text(sent, "ownerName");
  const systemCapabilities = textMap(sent.get("systemCapabilities") ?? {}, "systemCapabilities");
  const before = { ...agent };
  agent.version = optionalText(described, "version") ?? agent.version;
  agent.osDescription = optionalText(described, "osDescription") ?? agent.osDescription;
  agent.systemCapabilities = systemCapabilities;
  try {
    return sessions.open(agent, ownerName);
  } catch (error) {
    const { version, osDescription, systemCapabilities } = before;
    Object.assign(agent, { version, osDescription, systemCapabilities });
    throw error;
  }
}
