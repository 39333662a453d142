// Keeps the timeline records and logs of a run.
import { serviceTime } from "../jobs/time-format.ts";
import type { TimelineRecord } from "./timeline-record.ts";

interface LogFile {
  readonly path: string;
  readonly lineCount: number;
  readonly createdOn: string;
  readonly lastChangedOn: string;
}

interface Log {
  readonly path: string;
  readonly chunks: string[];
  readonly createdOn: string;
  lastChangedOn: string;
}

/** The records of one run with what their steps printed. */
export class TimelineStore {
  readonly id: string;
  readonly #records = new Map<string, TimelineRecord>();
  readonly #lines = new Map<string, string[]>();
  readonly #logs = new Map<number, Log>();
  #changeId = 0;

  constructor(id: string) {
    this.id = id;
  }

  /** Rises with every change of a record, as the service's `changeId` does. */
  get changeId(): number {
    return this.#changeId;
  }

  records(): TimelineRecord[] {
    return [...this.#records.values()];
  }

  find(id: string): TimelineRecord | undefined {
    return this.#records.get(id.toLowerCase());
  }

  /** Creates or updates a record: fields given replace those kept, the rest stay. */
  merge(patch: Partial<TimelineRecord> & { id: string }): TimelineRecord {
    const key = patch.id.toLowerCase();
    const kept = this.#records.get(key) ?? {
      id: patch.id,
      parentId: null,
      type: "Task",
      name: "",
      attempt: 1,
      state: "pending",
    };
    const variables = { ...kept.variables, ...patch.variables };
    this.#changeId += 1;
    const merged: TimelineRecord = {
      ...kept,
      ...patch,
      id: kept.id,
      changeId: this.#changeId,
      ...(Object.keys(variables).length === 0 ? {} : { variables }),
    };
    this.#records.set(key, merged);
    return merged;
  }

  /** Takes a record away, as the service moves an earlier attempt to a timeline of its own. What it printed stays. */
  remove(id: string): void {
    if (this.#records.delete(id.toLowerCase())) this.#changeId += 1;
  }

  append(recordId: string, lines: readonly string[]): void {
    const key = recordId.toLowerCase();
    const kept = this.#lines.get(key) ?? [];
    kept.push(...lines);
    this.#lines.set(key, kept);
  }

  /** What a record's step printed, as the live console showed it. */
  lines(recordId: string): readonly string[] {
    return this.#lines.get(recordId.toLowerCase()) ?? [];
  }

  /** Starts a log file of the plan. Returns its id. */
  createLog(path: string): number {
    const id = this.#logs.size + 1;
    const createdOn = serviceTime();
    this.#logs.set(id, { path, chunks: [], createdOn, lastChangedOn: createdOn });
    return id;
  }

  /** What is known of a log besides its content. */
  logFile(id: number): LogFile | undefined {
    const log = this.#logs.get(id);
    if (log === undefined) return undefined;
    const lineCount = log.chunks.join("").split("\n").length - 1;
    const { path, createdOn, lastChangedOn } = log;
    return { path, lineCount, createdOn, lastChangedOn };
  }

  /** False when the plan has no such log. */
  appendLog(id: number, text: string): boolean {
    const log = this.#logs.get(id);
    if (log === undefined) return false;
    log.chunks.push(text);
    log.lastChangedOn = serviceTime();
    return true;
  }

  log(id: number): string | undefined {
    return this.#logs.get(id)?.chunks.join("");
  }
}
