// The session of an agent's listener, and its messages.
import { randomUUID } from "node:crypto";
import type { SealedBody, SessionCipher } from "./message-encryption.ts";

type MessageType = "PipelineAgentJobRequest" | "JobCancellation" | "AgentRefresh";

interface Message extends SealedBody {
  readonly messageId: number;
  readonly messageType: MessageType;
}

interface Poll {
  /** Messages up to this one were seen already. */
  readonly lastMessageId: number;
  /** How long it may stay open. */
  readonly timeoutMs: number;
  readonly closed: AbortSignal;
}

/** A listener's session: its messages, each of which comes again until the listener deletes it. */
export class Session {
  readonly id: string = randomUUID();
  readonly ownerName: string;
  /** Set once a worker said that its agent takes no further job (`agentShuttingDown`). */
  shuttingDown = false;
  /** Whether anybody has asked for messages yet. */
  polled = false;
  readonly #messages: Message[] = [];
  readonly #deleted: Message[] = [];
  readonly #wake = new Set<() => void>();
  readonly #ended = new AbortController();
  readonly #cipher: SessionCipher;
  readonly #nextId: () => number;

  /** @param nextId numbers messages; an agent keeps its position across sessions, so no session counts by itself. */
  constructor(ownerName: string, cipher: SessionCipher, nextId: () => number) {
    this.ownerName = ownerName;
    this.#cipher = cipher;
    this.#nextId = nextId;
  }

  get encryptionKey(): SessionCipher["encryptionKey"] {
    return this.#cipher.encryptionKey;
  }

  /** Aborted when the session is over, whoever ended it. */
  get ended(): AbortSignal {
    return this.#ended.signal;
  }

  get openPolls(): number {
    return this.#wake.size;
  }

  post(messageType: MessageType, body: object): Message {
    const message = { messageId: this.#nextId(), messageType, ...this.#cipher.seal(JSON.stringify(body)) };
    this.#messages.push(message);
    this.#wakeAll();
    return message;
  }

  /** True when there was such a message. */
  delete(messageId: number): boolean {
    const index = this.#messages.findIndex((message) => message.messageId === messageId);
    if (index < 0) return false;
    this.#deleted.push(...this.#messages.splice(index, 1));
    return true;
  }

  /** Offers the message deleted last once more, under its old id, as a service that lost the DELETE would. */
  redeliver(): boolean {
    const message = this.#deleted.pop();
    if (message === undefined) return false;
    this.#messages.unshift(message);
    this.#wakeAll();
    return true;
  }

  end(): void {
    this.#ended.abort();
    this.#wakeAll();
  }

  /**
   * The next message. One that was seen but never deleted comes again when the poll runs out, not at once: a listener
   * that postpones it (it does while it updates itself) would otherwise spin.
   */
  async next({ lastMessageId, timeoutMs, closed }: Poll): Promise<Message | undefined> {
    const fresh = (): Message | undefined => this.#messages.find(({ messageId }) => messageId > lastMessageId);
    const over = AbortSignal.any([closed, this.#ended.signal]);
    const until = Date.now() + timeoutMs;
    while (!over.aborted) {
      const message = fresh();
      if (message !== undefined) return message;
      const left = until - Date.now();
      if (left <= 0) return this.#messages[0];
      await this.#woken(left, closed);
    }
    return undefined;
  }

  #woken(timeoutMs: number, closed: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        closed.removeEventListener("abort", done);
        this.#wake.delete(done);
        resolve();
      };
      const timer = setTimeout(done, timeoutMs);
      closed.addEventListener("abort", done, { once: true });
      this.#wake.add(done);
    });
  }

  #wakeAll(): void {
    for (const wake of [...this.#wake]) wake();
  }
}
