// The log of all requests that the simulator received.
import { appendFileSync, writeFileSync } from "node:fs";

/** A request as it is remembered: never its headers or body, which carry secrets. */
export interface LoggedRequest {
  /** ISO time of arrival. */
  readonly time: string;
  readonly site: string;
  readonly method: string;
  readonly url: string;
  /** True when it came without credentials: clients wait to be asked for them. */
  readonly anonymous?: boolean;
  /** Undefined while it is being handled; 0 when the connection ended without an answer. */
  status?: number;
  caller?: string;
}

type Predicate = (request: LoggedRequest) => boolean;

interface Waiting {
  readonly predicate: Predicate;
  resolve(request: LoggedRequest): void;
}

/** Every request that reached any site, in order of arrival. */
export class RequestLog {
  readonly entries: LoggedRequest[] = [];
  readonly #file: string | undefined;
  readonly #arrivals = new Set<Waiting>();
  readonly #answers = new Set<Waiting>();

  /** @param file gets one JSON line when a request has been answered, or its connection has ended. */
  constructor(file?: string) {
    this.#file = file;
    if (file !== undefined) writeFileSync(file, "");
  }

  /**
   * Resolves once a matching request has arrived, at once if one has before.
   * @param from index into `entries` to look from; `entries.length` means "from now on".
   */
  seen(predicate: Predicate, from = 0): Promise<LoggedRequest> {
    return this.#when(this.#arrivals, predicate, from);
  }

  /** Like `seen`, once a matching request has been answered or cut off. */
  answered(predicate: Predicate, from = 0): Promise<LoggedRequest> {
    return this.#when(this.#answers, (request) => request.status !== undefined && predicate(request), from);
  }

  arrive(request: Pick<LoggedRequest, "site" | "method" | "url" | "anonymous">): LoggedRequest {
    const entry: LoggedRequest = { time: new Date().toISOString(), ...request };
    this.entries.push(entry);
    settle(this.#arrivals, entry);
    return entry;
  }

  answer(entry: LoggedRequest, status: number, caller: string | undefined): void {
    entry.status = status;
    if (caller !== undefined) entry.caller = caller;
    const { time, site, method, url } = entry;
    if (this.#file !== undefined) {
      appendFileSync(this.#file, `${JSON.stringify({ time, site, method, url, status, caller: caller ?? null })}\n`);
    }
    settle(this.#answers, entry);
  }

  #when(waiting: Set<Waiting>, predicate: Predicate, from: number): Promise<LoggedRequest> {
    const past = this.entries.slice(from).find(predicate);
    if (past !== undefined) return Promise.resolve(past);
    return new Promise((resolve) => waiting.add({ predicate, resolve }));
  }
}

function settle(waiting: Set<Waiting>, entry: LoggedRequest): void {
  for (const each of [...waiting]) {
    if (!each.predicate(entry)) continue;
    waiting.delete(each);
    each.resolve(entry);
  }
}
