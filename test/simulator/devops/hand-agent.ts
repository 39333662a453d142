// An agent whose requests a test sends one by one.
import { constants, createDecipheriv, privateDecrypt, randomUUID } from "node:crypto";
import { SignJWT } from "jose";
import type { TaskResult } from "../../../simulator/worker/job-message.ts";
import { type AgentKey, keyPair } from "./agent-key.ts";
import type { Answer } from "./https.ts";
import type { Stand } from "./stand.ts";

export interface Registration {
  readonly name?: string;
  readonly version?: string;
  readonly systemCapabilities?: Readonly<Record<string, string>>;
  readonly userCapabilities?: Readonly<Record<string, string>>;
}

interface Message {
  readonly messageId: number;
  readonly messageType: string;
  /** In clear. */
  readonly body: string;
}

/** An agent played by hand: each of its requests is one call of a test. */
export class HandAgent {
  readonly stand: Pick<Stand, "call">;
  readonly id: number;
  readonly name: string;
  readonly clientId: string;
  readonly authorizationUrl: string;
  readonly key: AgentKey;
  sessionId = "";
  #sessionKey: Buffer = Buffer.alloc(0);
  token = "";

  private constructor(stand: HandAgent["stand"], record: Record<string, unknown>, key: AgentKey) {
    const authorization = record.authorization as { clientId: string; authorizationUrl: string };
    this.stand = stand;
    this.id = Number(record.id);
    this.name = String(record.name);
    this.clientId = authorization.clientId;
    this.authorizationUrl = authorization.authorizationUrl;
    this.key = key;
  }

  /** Registers as the task does: POST, then the user capabilities. */
  static async register(stand: HandAgent["stand"], registration: Registration = {}): Promise<HandAgent> {
    const key = keyPair();
    const answer = await stand.call("POST", agentsPath, { body: agentBody(key, registration) });
    if (answer.status !== 200) throw new Error(`Registering was answered ${answer.status}: ${answer.text}`);
    const agent = new HandAgent(stand, answer.json, key);
    const { userCapabilities } = registration;
    if (userCapabilities !== undefined) {
      await stand.call("PUT", `${agentsPath}/${agent.id}/usercapabilities`, { body: userCapabilities });
    }
    return agent;
  }

  /** Registers and comes online. */
  static async online(stand: HandAgent["stand"], registration: Registration = {}): Promise<HandAgent> {
    const agent = await HandAgent.register(stand, registration);
    const answer = await agent.openSession();
    if (answer.status !== 200) throw new Error(`Opening a session was answered ${answer.status}: ${answer.text}`);
    return agent;
  }

  /** A JWT as the agent makes it; claims can be changed to make it wrong. */
  assertion(claims: Readonly<Record<string, unknown>> = {}, key: AgentKey = this.key): Promise<string> {
    const now = Math.floor(Date.now() / 1000);
    const { clientId, authorizationUrl: aud } = this;
    const good = { iss: clientId, sub: clientId, aud, jti: randomUUID(), nbf: now, exp: now + 300 };
    return new SignJWT({ ...good, ...claims }).setProtectedHeader({ alg: "RS256", typ: "JWT" }).sign(key.privateKey);
  }

  /** Asks for a token with an assertion. */
  requestToken(assertion: string): Promise<Answer> {
    const form = {
      grant_type: "client_credentials",
      client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
      client_assertion: assertion,
    };
    return this.stand.call("POST", this.authorizationUrl, { form, token: undefined });
  }

  async signIn(): Promise<void> {
    this.token = String((await this.requestToken(await this.assertion())).json.access_token);
  }

  /** @param systemCapabilities what the session tells of them; the member itself can be left out */
  async openSession(
    systemCapabilities: Readonly<Record<string, string>> | "left out" = systemCapabilitiesOf(this.name),
  ): Promise<Answer> {
    if (this.token === "") await this.signIn();
    const agent = { id: this.id, name: this.name, version: "5.278.0", osDescription: "Linux" };
    const body = { ownerName: "hand", agent, ...(systemCapabilities !== "left out" && { systemCapabilities }) };
    const answer = await this.call("POST", "sessions", body);
    if (answer.status !== 200) return answer;
    this.sessionId = String(answer.json.sessionId);
    this.#sessionKey = this.#opened(answer.json.encryptionKey as { value: string });
    return answer;
  }

  closeSession(): Promise<Answer> {
    return this.call("DELETE", `sessions/${this.sessionId}`);
  }

  #opened({ value }: { value: string }): Buffer {
    const padding = constants.RSA_PKCS1_OAEP_PADDING;
    const key = { key: this.key.privateKey, padding, oaepHash: "sha1" };
    return privateDecrypt(key, Buffer.from(value, "base64"));
  }

  /** A message as the agent reads it. */
  read(sealed: Record<string, unknown>): Message {
    const decipher = createDecipheriv("aes-256-cbc", this.#sessionKey, Buffer.from(String(sealed.iv), "base64"));
    const body = Buffer.concat([decipher.update(String(sealed.body), "base64"), decipher.final()]);
    return { ...(sealed as unknown as Message), body: body.toString("utf8") };
  }

  /** Polls once. Without `lastMessageId` it is a listener's first poll, or a keep-alive. */
  poll(lastMessageId?: number): Promise<Answer> {
    const position = lastMessageId === undefined ? "" : `&lastMessageId=${lastMessageId}`;
    return this.call("GET", `messages?sessionId=${this.sessionId}${position}`);
  }

  /** Polls until there is a message. */
  async message(lastMessageId = 0): Promise<Message> {
    for (;;) {
      const answer = await this.poll(lastMessageId);
      if (answer.status === 200) return this.read(answer.json);
      if (answer.status !== 202) throw new Error(`The poll was answered ${answer.status}: ${answer.text}`);
    }
  }

  deleteMessage(messageId: number): Promise<Answer> {
    return this.call("DELETE", `messages/${messageId}?sessionId=${this.sessionId}`);
  }

  renew(requestId: number): Promise<Answer> {
    const path = `jobrequests/${requestId}?lockToken=00000000-0000-0000-0000-000000000000`;
    return this.call("PATCH", path, { requestId });
  }

  complete(job: JobIdentity, result: TaskResult, details: object = {}): Promise<Answer> {
    const path = `${job.scopeId}/_apis/distributedtask/hubs/build/plans/${job.planId}/events`;
    const body = { name: "JobCompleted", jobId: job.jobId, requestId: job.requestId, result, ...details };
    return this.stand.call("POST", path, { body, token: this.token });
  }

  call(method: string, path: string, body?: object): Promise<Answer> {
    return this.stand.call(method, `_apis/distributedtask/pools/1/${path}`, { body, token: this.token });
  }
}

export interface JobIdentity {
  readonly scopeId: string;
  readonly planId: string;
  readonly jobId: string;
  readonly requestId: number;
}

export const agentsPath = "_apis/distributedtask/pools/1/agents";

export function agentBody(key: AgentKey, registration: Registration = {}): Record<string, unknown> {
  const { name = `agent-${randomUUID().slice(0, 8)}`, version = "5.278.0", userCapabilities } = registration;
  return {
    name,
    version,
    osDescription: "Linux",
    maxParallelism: 1,
    provisioningState: "Provisioned",
    authorization: { publicKey: key.publicKey },
    systemCapabilities: registration.systemCapabilities ?? { ...systemCapabilitiesOf(name), "Agent.Version": version },
    ...(userCapabilities === undefined ? {} : { userCapabilities }),
  };
}

function systemCapabilitiesOf(name: string): Record<string, string> {
  return { "Agent.Name": name, "Agent.Version": "5.278.0", "Agent.OS": "Linux" };
}
