// One HTTPS server of the simulator, and the requests that its routes handle.
import type { IncomingHttpHeaders } from "node:http";

/** One request, read whole, as a route's handler sees it. */
export interface SimRequest {
  readonly method: string;
  /** The full address the client asked for; `url.origin` is the site's own. */
  readonly url: URL;
  /** Route parameters, decoded. */
  readonly params: Readonly<Record<string, string>>;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** Aborted when the client hangs up or the simulator stops: long polls end on it. */
  readonly closed: AbortSignal;
  /** Who the credentials said it was. Handlers set it; the request log shows it. */
  caller?: string;
}

/**
 * How an answer reaches the client on a bad network: half of its body by length or in chunks, then the connection is cut;
 * its headers or half of its body, then silence until the client gives up. A body that is missing cannot be halved: then
 * the connection is cut, or nothing comes.
 */
type Delivery = "half" | "half in chunks" | "headers only" | "stalls";

/** What a handler answers. An object body is sent as JSON; no body means none. */
export interface SimResponse {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer | object;
  /** Whole when left out. */
  readonly delivery?: Delivery;
}

export type Handler = (request: SimRequest) => SimResponse | Promise<SimResponse>;

/** One origin with a port of its own, as one real host is: `arm`, `login`, `devops`, `agent-oauth`, `downloads`, … */
export interface Site {
  readonly name: string;
  /** `https://localhost:PORT`, no trailing slash; `http://127.0.0.1:PORT` for the few that have no TLS. */
  readonly origin: string;
  /**
   * Adds a route. Segments match case-insensitively (ARM does); `:name` takes one segment, a last `:name*` the rest.
   * Anything unmatched is answered 501 by the site, naming the method and path: a made-up success never happens.
   */
  route(method: string, template: string, handler: Handler): void;
}
