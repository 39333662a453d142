import { hostname, release } from "node:os";
import type { Install } from "./install.ts";
import { between, pause } from "./pauses.ts";
import { isOf, messageOf, type Server } from "./server.ts";
import type { AgentSettings } from "./settings.ts";
import type { Trace } from "./trace.ts";

export interface AgentMessage {
  readonly messageId: number;
  readonly messageType: string;
  readonly body: string;
}

export interface QueueConnection {
  readonly server: Server;
  readonly install: Install;
  readonly settings: AgentSettings;
  readonly trace: Trace;
  /** Says something to whoever looks at the terminal. */
  say(line: string): void;
}

/** Refusals that no further attempt would change: the session is not opened (facts agent-protocol §3.3 point 2). */
const final = [
  "TaskAgentNotFoundException",
  "TaskAgentPoolNotFoundException",
  "AccessDeniedException",
  "UnauthorizedRequestException",
  "VssOAuthTokenRequestException",
];
/** Raised while polling, these end the listener. */
const lost = [...final, "TaskAgentAccessTokenExpiredException"];

/** The agent's session and the messages that come to it (facts agent-protocol §3.3 points 2 to 5). */
export class MessageQueue {
  readonly #connection: QueueConnection;
  readonly #pool: string;
  #sessionId: string | undefined;
  #lastMessageId = 0;
  #capabilities: Readonly<Record<string, string>> = {};

  constructor(connection: QueueConnection) {
    this.#connection = connection;
    this.#pool = `_apis/distributedtask/pools/${connection.settings.poolId}`;
  }

  /**
   * Opens the session; while another one is open, for up to four minutes.
   * @returns false when the service will not have it.
   * @throws ServerError when the agent's token was revoked.
   */
  async open(systemCapabilities: Readonly<Record<string, string>>, stop: AbortSignal): Promise<boolean> {
    const { server, install, settings, trace, say } = this.#connection;
    const { agentId: id, agentName: name } = settings;
    const agent = { id, name, version: install.version, osDescription: `Linux ${release()}` };
    this.#capabilities = systemCapabilities;
    const conflictsUntil = Date.now() + 240_000 * install.timeScale;
    while (!stop.aborted) {
      try {
        await connect(server);
        const body = { ownerName: hostname(), agent, systemCapabilities };
        const session = (await server.call("POST", `${this.#pool}/sessions`, { body, signal: stop })) as {
          sessionId: string;
        };
        this.#sessionId = session.sessionId;
        return true;
      } catch (error) {
        if (stop.aborted) break;
        if (isOf(error, ["TaskAgentAccessTokenExpiredException"])) throw error;
        trace(`The session could not be opened: ${messageOf(error)}`);
        const conflict = isOf(error, ["TaskAgentSessionConflictException"]);
        if (isOf(error, final) || (conflict && Date.now() >= conflictsUntil)) {
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
        const message = await this.#poll(stop, `&lastMessageId=${this.#lastMessageId}`);
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
        await this.#poll(stop, "");
      } catch (error) {
        if (!stop.aborted) trace(`Keeping alive failed: ${messageOf(error)}`);
      }
      await pause(30_000 * install.timeScale, stop);
    }
  }

  async delete({ messageId }: AgentMessage): Promise<void> {
    const path = `${this.#pool}/messages/${messageId}?sessionId=${this.#sessionId}`;
    try {
      await this.#connection.server.call("DELETE", path);
    } catch (error) {
      this.#connection.trace(`Message ${messageId} could not be deleted: ${messageOf(error)}`);
    }
  }

  async close(): Promise<void> {
    if (this.#sessionId === undefined) return;
    try {
      await this.#connection.server.call("DELETE", `${this.#pool}/sessions/${this.#sessionId}`);
      this.#connection.trace("The session is deleted.");
    } catch (error) {
      this.#connection.trace(`The session could not be deleted: ${messageOf(error)}`);
    }
  }

  /** The service ended the session because it did not hear from it: another one takes its place. */
  #recover(stop: AbortSignal): Promise<boolean> {
    this.#lastMessageId = 0;
    return this.open(this.#capabilities, stop);
  }

  async #poll(signal: AbortSignal, position: string): Promise<AgentMessage | undefined> {
    const path = `${this.#pool}/messages?sessionId=${this.#sessionId}${position}`;
    return (await this.#connection.server.call("GET", path, { signal })) as AgentMessage | undefined;
  }
}

/** Three connections, as the agent makes them: for anything, for messages, for job requests. */
async function connect(server: Server): Promise<void> {
  const data = "_apis/connectionData?connectOptions=1&lastChangeId=-1&lastChangeId64=-1";
  await server.call("GET", data);
  await Promise.all([server.call("GET", data), server.call("GET", data)]);
}
