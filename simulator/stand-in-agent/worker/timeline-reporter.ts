// Sends a job's timeline records and log lines to the organization.
import type { JobReporter, TimelineRecord } from "../../devops/runs/timeline-record.ts";
import type { JobMessage } from "../../job-execution/job/job-message.ts";
import { messageOf, type Server, ServerError } from "../client/organization-client.ts";
import { pause } from "../client/pauses.ts";
import type { RouteValues } from "../client/resource-discovery.ts";
import type { Trace } from "../diagnostic-log.ts";
import { planOf } from "./job-client.ts";

interface TaskLog {
  readonly id: number;
  readonly path: string;
}

interface Attachment {
  readonly type: string;
  readonly name: string;
  readonly content: string;
}

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
  readonly #attachments: (Attachment & { readonly recordId: string })[] = [];
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

  attach(recordId: string, { type, name, content }: Attachment): void {
    this.#attachments.push({ recordId, type, name, content });
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
    while (this.#patches.size > 0 || this.#lines.size > 0 || this.#attachments.length > 0) {
      const patches = [...this.#patches.values()];
      const lines = this.#lines;
      this.#patches = new Map();
      this.#lines = new Map();
      if (patches.length > 0) await this.#try(() => this.#records(patches));
      for (const [recordId, value] of lines) await this.#try(() => this.#feed(recordId, value));
      for (const each of this.#attachments.splice(0)) await this.#try(() => this.#attachment(each));
    }
  }

  async #records(value: readonly Patch[]): Promise<void> {
    await this.#server.call("PATCH", "records", this.#timeline(), { body: { value, count: value.length } });
  }

  async #attachment({ recordId, type, name, content }: Attachment & { readonly recordId: string }): Promise<void> {
    await this.#server.call("PUT", "attachments", { ...this.#timeline(recordId), type, name }, { bytes: content });
  }

  async #feed(recordId: string, value: readonly string[]): Promise<void> {
    const startLine = (this.#sent.get(recordId) ?? 0) + 1;
    const body = { value, count: value.length, startLine, stepId: recordId };
    await this.#server.call("POST", "feed", this.#timeline(recordId), { body });
    this.#sent.set(recordId, startLine - 1 + value.length);
  }

  async #log(recordId: string, lines: readonly string[]): Promise<void> {
    const plan = planOf(this.#message);
    const body = { path: `logs\\${recordId}` };
    const { id } = (await this.#server.call("POST", "logs", plan, { body })) as TaskLog;
    const bytes = `${lines.join("\n")}\n`;
    const uploaded = (await this.#server.call("POST", "logs", { ...plan, logId: id }, { bytes })) as Partial<TaskLog>;
    // The agent's own class of a log cannot be without (microsoft/azure-pipelines-agent, TaskLog).
    if (!uploaded.path) throw new ServerError(200, "ArgumentException", "The uploaded log has no path.");
    await this.#records([{ id: recordId, log: { id } }]);
  }

  #timeline(recordId?: string): RouteValues {
    const values = { ...planOf(this.#message), timelineId: this.#message.timeline.id };
    return recordId === undefined ? values : { ...values, recordId };
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
