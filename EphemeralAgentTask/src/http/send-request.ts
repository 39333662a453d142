// Sends one request and reads its whole answer. Every request of this task goes through here.
import { type IncomingMessage, request as overHttp } from "node:http";
import { request as overHttps } from "node:https";
import { promisify } from "node:util";
import { brotliDecompress, gunzip, inflate } from "node:zlib";
import { type Asked, broken, refusedByProxy, silence } from "./connection-errors.ts";
import { agentFor } from "./keep-alive-agents.ts";
import type { Transport } from "./transport.ts";

/** Milliseconds in which an answer must be there, to its last byte. */
const answerMs = 30_000;

/** Bytes. The longest answers are lists of container groups and the end of a container's log, which Azure limits to 4 MB. */
const longestAnswer = 32 * 2 ** 20;

export interface Exchange extends Asked {
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Ends the request when it aborts. */
  readonly signal?: AbortSignal;
  /** Milliseconds, when not 30 s. */
  readonly limitMs?: number;
  /** For addresses of the machine itself: never through a proxy, and without TLS if they say so. */
  readonly local?: true;
}

export interface Answer {
  readonly status: number;
  /** Names in small letters. */
  readonly headers: Readonly<Record<string, string>>;
  /** Without the byte order mark that Azure DevOps may put before it. */
  readonly text: string;
  /** See the transport. */
  readonly withoutSecrets?: Transport["withoutSecrets"];
}

const decoders: Readonly<Record<string, (body: Buffer) => Promise<Buffer>>> = {
  gzip: promisify(gunzip),
  "x-gzip": promisify(gunzip),
  deflate: promisify(inflate),
  br: promisify(brotliDecompress),
};

async function textOf(bytes: Buffer, encoding: string): Promise<string> {
  const decode = decoders[encoding.trim().toLowerCase()];
  const decoded = decode && bytes.length > 0 ? await decode(bytes) : bytes;
  return decoded.toString("utf8").replace(/^\uFEFF/, "");
}

const flat = (headers: IncomingMessage["headers"]): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value = ""]) => [name, [value].flat().join(", ")]));

/** The whole body. Rejects when it ends early. */
function bodyOf(response: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    response.on("data", (chunk: Buffer) => {
      chunks.push(chunk);
      length += chunk.length;
      if (length > longestAnswer) response.destroy(new Error(`more than ${longestAnswer} bytes came`));
    });
    response.on("error", (error) => reject(new Error(`it broke off after ${length} bytes (${error.message})`)));
    response.on("close", () => reject(new Error(`it broke off after ${length} bytes`)));
    response.on("end", () => resolve(Buffer.concat(chunks)));
  });
}

/** A request whose kept connection the other side had just closed was not read by anybody. */
class Stale extends Error {}

function once(exchange: Exchange, transport: Transport): Promise<Answer> {
  const { url, method, headers, body, signal, limitMs = answerMs, local } = exchange;
  return new Promise((resolve, reject) => {
    const target = new URL(url);
    if (signal?.aborted) throw new Error("given up before it was sent.");
    if (target.protocol !== "https:" && !local) throw new Error(`${url} is not encrypted.`);
    const proxy = local ? undefined : transport.proxyFor(url);
    const agent = agentFor(target, proxy, transport);
    const length = body === undefined ? {} : { "content-length": String(Buffer.byteLength(body)) };
    const send = target.protocol === "https:" ? overHttps : overHttp;
    const request = send(target, { method, agent, headers: { ...headers, ...length } });
    const fail = (error: Error) => reject(silence(exchange, error, proxy));

    const stop = () => request.destroy(new Error("the request was given up."));
    const timer = setTimeout(() => {
      const late = Object.assign(new Error(`no answer within ${limitMs / 1000} s.`), { code: "NoAnswer" });
      fail(late);
      request.destroy(late);
    }, limitMs);
    const over = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", stop);
    };
    signal?.addEventListener("abort", stop);

    let refused = false;
    // What a proxy says instead of making the tunnel is given out as if the host had said it.
    request.on("proxyConnect", ({ statusCode }: { readonly statusCode: number }) => {
      refused = statusCode !== 200;
    });
    request.on("error", (error: NodeJS.ErrnoException) => {
      over();
      if (request.reusedSocket && error.code === "ECONNRESET" && !signal?.aborted) reject(new Stale());
      else fail(error);
    });
    request.on("response", async (response) => {
      const status = response.statusCode ?? 0;
      try {
        if (refused) throw refusedByProxy(exchange, status, proxy);
        const bytes = method === "HEAD" ? Buffer.alloc(0) : await bodyOf(response);
        if (method === "HEAD") response.resume();
        const text = await textOf(bytes, response.headers["content-encoding"] ?? "");
        const { withoutSecrets } = transport;
        resolve({ status, headers: flat(response.headers), text, ...(withoutSecrets ? { withoutSecrets } : {}) });
      } catch (error) {
        reject(error instanceof Error ? broken(exchange, status, error) : error);
      } finally {
        over();
        if (refused) request.destroy();
      }
    });
    request.end(body);
  });
}

/**
 * Sends a request, and follows no redirect.
 * @throws `ServiceFault` when no answer comes, or not all of it
 */
export async function exchange(asked: Exchange, transport: Transport): Promise<Answer> {
  for (let connection = 1; ; connection++) {
    try {
      const answer = await once(asked, transport);
      if (asked.service !== "Microsoft Entra ID") transport.time.heard(asked.service, answer.headers.date);
      return answer;
    } catch (error) {
      if (!(error instanceof Stale)) throw silence(asked, error, undefined);
      // A change may have been carried out before the connection was closed, so only the caller sends it again.
      if (asked.changes || connection > 2) throw silence(asked, new Error("the connection was closed."), undefined);
    }
  }
}
