import type { JobReporter, TimelineRecord } from "../devops/timeline.ts";
import type { JobMessage } from "../worker/job-message.ts";
import { planPath } from "./job-server.ts";
import { pause } from "./pauses.ts";
import { messageOf, type Server, ServerError } from "./server.ts";
import type { Trace } from "./trace.ts";

type Patch = Partial<TimelineRecord> & { id: string };

const attempts = 3;

/** Sends what a job reports to the service, in order and in batches (facts agent-protocol §3.3 point 8). */
export class HttpsReporter implements JobReporter {
  readonly #server: Server;
  readonly #message: JobMessage;
  readonly #trace: Trace;
  #patches = new Map<string, Patch>();
  #lines = new Map<string, string[]>();
  readonly #logs = new Map<string, string[]>();
  readonly #sent = new Map<string, number>();
  #sending: Promise<void> | undefined;

  constructor(server: Server, message: JobMessage, trace: Trace) {
    this.#server = server;
    this.#message = message;
    this.#trace = trace;
  }

  record(patch: Patch): void {
    this.#patches.set(patch.id, { ...this.#patches.get(patch.id), ...patch });
    this.#send();
  }

  lines(recordId: string, lines: readonly string[]): void {
    for (const kept of [this.#lines, this.#logs]) kept.set(recordId, [...(kept.get(recordId) ?? []), ...lines]);
    this.#send();
  }

  /** Resolves when everything is sent, the logs of all records last. */
  async finish(): Promise<void> {
    while (this.#sending !== undefined) await this.#sending;
    for (const [recordId, lines] of this.#logs) await this.#try(() => this.#log(recordId, lines));
  }

  #send(): void {
    this.#sending ??= this.#drain().finally(() => {
      this.#sending = undefined;
    });
  }

  async #drain(): Promise<void> {
    // What is reported in one go is sent in one go.
    await pause(0);
    while (this.#patches.size > 0 || this.#lines.size > 0) {
      const patches = [...this.#patches.values()];
      const lines = this.#lines;
      this.#patches = new Map();
      this.#lines = new Map();
      if (patches.length > 0) await this.#try(() => this.#records(patches));
      for (const [recordId, value] of lines) await this.#try(() => this.#feed(recordId, value));
    }
  }

  async #records(value: readonly Patch[]): Promise<void> {
    await this.#server.call("PATCH", this.#timeline("records"), { body: { value, count: value.length } });
  }

  async #feed(recordId: string, value: readonly string[]): Promise<void> {
    const startLine = (this.#sent.get(recordId) ?? 0) + 1;
    const body = { value, count: value.length, startLine, stepId: recordId };
    await this.#server.call("POST", this.#timeline(`records/${recordId}/feed`), { body });
    this.#sent.set(recordId, startLine - 1 + value.length);
  }

  async #log(recordId: string, lines: readonly string[]): Promise<void> {
    const logs = `${planPath(this.#message)}/logs`;
    const { id } = (await this.#server.call("POST", logs, { body: { path: `logs\\${recordId}` } })) as { id: number };
    await this.#server.call("POST", `${logs}/${id}`, { bytes: `${lines.join("\n")}\n` });
  }

  #timeline(path: string): string {
    return `${planPath(this.#message)}/timelines/${this.#message.timeline.id}/${path}`;
  }

  /** A report that cannot be delivered is lost; the job goes on. */
  async #try(send: () => Promise<void>): Promise<void> {
    for (let attempt = 1; attempt <= attempts; attempt += 1) {
      try {
        await send();
        return;
      } catch (error) {
        this.#trace(`A report was not delivered: ${messageOf(error)}`);
        if (error instanceof ServerError && error.status < 500) return;
        await pause(attempt * 200);
      }
    }
  }
}
