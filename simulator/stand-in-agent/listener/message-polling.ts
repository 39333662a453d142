// The listener's session: opens it, polls for messages, and deletes those that it has handled.
import type { KeyObject } from "node:crypto";
import { hostname, release } from "node:os";
import { isOf, messageOf, type Server } from "../client/organization-client.ts";
import { between, pause } from "../client/pauses.ts";
import type { Install } from "../configuration/agent-files.ts";
import type { AgentSettings } from "../configuration/agent-settings.ts";
import type { Trace } from "../diagnostic-log.ts";
import { type EncryptionKey, openBody } from "./message-decryption.ts";

export interface AgentMessage {
  readonly messageId: number;
  readonly messageType: string;
  readonly body: string;
}

interface Session {
  readonly sessionId: string;
  readonly encryptionKey?: EncryptionKey | null;
}

interface SealedMessage extends AgentMessage {
  readonly iv?: string;
}

export interface QueueConnection {
  readonly server: Server;
  readonly install: Install;
  readonly settings: AgentSettings;
  readonly trace: Trace;
  /** The agent's private key, read from its file each time as the agent does. */
  key(): KeyObject;
  /** Says something to whoever looks at the terminal. */
  say(line: string): void;
}

/** Refusals that no further attempt would change: the session is not opened (facts agent-protocol §3.3 point 2). */
const final = [
  "TaskAgentNotFoundException",
  "TaskAgentPoolNotFoundException",
  "AccessDeniedException",
  "VssUnauthorizedException",
];
/** Raised while polling, these end the listener. */
const lost = [...final, "TaskAgentAccessTokenExpiredException"];
/** Until when a refusal that may pass is waited out, in ms: another session, a clock that is wrong. */
const patience = { conflict: 4 * 60_000, clockSkew: 30 * 60_000 } as const;

/** The agent's session and the messages that come to it (facts agent-protocol §3.3 points 2 to 5). */
export class MessageQueue {
  readonly #connection: QueueConnection;
  readonly #poolId: number;
  #session: Session | undefined;
  /** Kept when another session takes the place of one that expired; no position at first. */
  #lastMessageId: number | undefined;
  #capabilities: Readonly<Record<string, string>> = {};

  constructor(connection: QueueConnection) {
    this.#connection = connection;
    this.#poolId = connection.settings.poolId;
  }

  /**
   * Opens the session. Whatever goes wrong is tried again after 30 s, also an OAuth error that it does not know: only a
   * record or pool that is gone, a refusal, and a trouble that does not pass in its time end it.
   * @returns false when the service will not have it.
   * @throws ServerError when the agent's token was revoked.
   */
  async open(systemCapabilities: Readonly<Record<string, string>>, stop: AbortSignal): Promise<boolean> {
    const { server, install, settings, trace, say } = this.#connection;
    const { agentId: id, agentName: name } = settings;
    const agent = { id, name, version: install.version, osDescription: `Linux ${release()}` };
    this.#capabilities = systemCapabilities;
    const started = Date.now();
    while (!stop.aborted) {
      try {
        await connect(server);
        const body = { ownerName: hostname(), agent, systemCapabilities };
        const call = { body, signal: stop };
        this.#session = (await server.call("POST", "sessions", { poolId: this.#poolId }, call)) as Session;
        return true;
      } catch (error) {
        if (stop.aborted) break;
        if (isOf(error, ["TaskAgentAccessTokenExpiredException"])) throw error;
        trace(`The session could not be opened: ${messageOf(error)}`);
        const limit = limitOf(error) * install.timeScale;
        if (isOf(error, final) || Date.now() - started >= limit) {
          say(`Failed to create session. ${messageOf(error)}`);
          return false;
        }
        await pause(30_000 * install.timeScale, stop);
      }
    }
    return false;
  }

  /**
   * The next message, however long it takes; undefined when it is to stop.
   * @throws ServerError when the agent, its session or its token is gone.
   */
  async next(stop: AbortSignal): Promise<AgentMessage | undefined> {
    const { install, trace } = this.#connection;
    while (!stop.aborted) {
      try {
        const message = await this.#poll(stop, this.#lastMessageId);
        if (message !== undefined) {
          this.#lastMessageId = message.messageId;
          return message;
        }
        await pause(between(5_000, 15_000) * install.timeScale, stop);
      } catch (error) {
        if (stop.aborted) break;
        trace(`Polling failed: ${messageOf(error)}`);
        const expired = isOf(error, ["TaskAgentSessionExpiredException"]);
        if (expired && (await this.#recover(stop))) continue;
        if (expired || isOf(error, lost)) throw error;
        await pause(between(15_000, 30_000) * install.timeScale, stop);
      }
    }
    return undefined;
  }

  /** Polls without a position for the whole life, so that the service sees the agent while it is busy. */
  async keepAlive(stop: AbortSignal): Promise<void> {
    const { install, trace } = this.#connection;
    while (!stop.aborted) {
      try {
        await this.#poll(stop, undefined);
      } catch (error) {
        if (!stop.aborted) trace(`Keeping alive failed: ${messageOf(error)}`);
      }
      await pause(30_000 * install.timeScale, stop);
    }
  }

  async delete({ messageId }: AgentMessage): Promise<void> {
    const values = { poolId: this.#poolId, messageId };
    const query = { sessionId: this.#session?.sessionId };
    try {
      await this.#connection.server.call("DELETE", "messages", values, { query });
    } catch (error) {
      this.#connection.trace(`Message ${messageId} could not be deleted: ${messageOf(error)}`);
    }
  }

  async close(): Promise<void> {
    if (this.#session === undefined) return;
    const { sessionId } = this.#session;
    try {
      await this.#connection.server.call("DELETE", "sessions", { poolId: this.#poolId, sessionId });
      this.#connection.trace("The session is deleted.");
    } catch (error) {
      this.#connection.trace(`The session could not be deleted: ${messageOf(error)}`);
    }
  }

  /** The service ended the session because it did not hear from it: another one takes its place. */
  #recover(stop: AbortSignal): Promise<boolean> {
    return this.open(this.#capabilities, stop);
  }

  async #poll(signal: AbortSignal, lastMessageId: number | undefined): Promise<AgentMessage | undefined> {
    const { server, key } = this.#connection;
    const query = { sessionId: this.#session?.sessionId, lastMessageId };
    const message = (await server.call("GET", "messages", { poolId: this.#poolId }, { query, signal })) as
      | SealedMessage
      | undefined;
    return message && { ...message, body: openBody(message, this.#session?.encryptionKey, key) };
  }
}

/** How long after the first attempt an error is still waited out, in ms. */
function limitOf(error: unknown): number {
  if (isOf(error, ["TaskAgentSessionConflictException"])) return patience.conflict;
  const skewed = isOf(error, ["VssOAuthTokenRequestException"]) && /Current server time is/.test(messageOf(error));
  return skewed ? patience.clockSkew : Number.POSITIVE_INFINITY;
}

/** Three connections, as the agent makes them: for anything, for messages, for job requests. */
async function connect(server: Server): Promise<void> {
  await server.connect();
  await Promise.all([server.connect(), server.connect()]);
}
