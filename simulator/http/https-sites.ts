// All HTTPS servers of a simulator: they share a certificate authority, faults and a request log.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer as createPlainServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo, Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ServerCertificate, throwAwayCertificate } from "./certificate-authority.ts";
import { ending, readBody } from "./handle-request.ts";
import type { Handler, SimRequest, Site } from "./https-site.ts";
import { signInPage } from "./network-failures.ts";
import { Faults } from "./request-faults.ts";
import { RequestLog } from "./request-log.ts";
import { Router } from "./router.ts";
import { send } from "./send-answer.ts";

export interface OpenSite extends Site {
  /** Ends its connections and stops listening. Safe to call twice. */
  close(): Promise<void>;
}

export interface Sites {
  /** PEM file of the authority that signed every site's certificate, for `NODE_EXTRA_CA_CERTS` and its like. */
  readonly caFile: string;
  /** What every site with TLS shows: for loopback, and for the names of what is private. */
  readonly certificate: ServerCertificate;
  readonly faults: Faults;
  readonly requests: RequestLog;
  /** Opens a site on a free port of 127.0.0.1. */
  open(name: string): Promise<OpenSite>;
  /** The same without TLS, for the few addresses of a cloud that have none. */
  openPlain(name: string): Promise<OpenSite>;
  /** The same for something private: a network leads there, and containers do not find it at their loopback. */
  openInside(name: string): Promise<OpenSite>;
  /** Ports of all that have been opened and are not private. */
  ports(): number[];
  /** Closes every site and removes the authority's file. */
  close(): Promise<void>;
}

export interface SitesOptions {
  /** Gets one JSON line a request. */
  readonly requestLogFile?: string;
  /** Seed of the faults' chances. */
  readonly seed?: number;
}

/** Of the storage accounts that have a private endpoint, and of the samples' registry. */
const otherNames = ["*.blob.core.windows.net", "*.azurecr.io"];

/** Prepares the origins of one simulator: they share an authority, a request log and the faults in force. */
export async function createSites(options: SitesOptions = {}): Promise<Sites> {
  const certificate = throwAwayCertificate(otherNames);
  const folder = await mkdtemp(join(tmpdir(), "simulator-ca-"));
  const caFile = join(folder, "ca.pem");
  await writeFile(caFile, certificate.ca);
  const faults = new Faults(options.seed);
  const requests = new RequestLog(options.requestLogFile);
  const opened: OpenSite[] = [];
  const inside = new Set<OpenSite>();
  const open = async (name: string, tls?: ServerCertificate): Promise<OpenSite> => {
    const site = await openSite(name, tls, faults, requests);
    opened.push(site);
    return site;
  };
  return {
    caFile,
    certificate,
    faults,
    requests,
    open: (name) => open(name, certificate),
    openPlain: (name) => open(name),
    async openInside(name) {
      const site = await open(name, certificate);
      inside.add(site);
      return site;
    },
    ports: () => opened.filter((site) => !inside.has(site)).map(({ origin }) => Number(new URL(origin).port)),
    async close() {
      await Promise.all(opened.map((site) => site.close()));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function openSite(
  name: string,
  tls: ServerCertificate | undefined,
  faults: Faults,
  requests: RequestLog,
): Promise<OpenSite> {
  const router = new Router();
  // Where the redirect to a sign-in leads.
  router.add("GET", "/_signin", () => signInPage(200));
  const stopping = new AbortController();
  const keepAliveTimeout = 60_000;
  const server = tls
    ? createServer({ cert: tls.certificate, key: tls.key, keepAliveTimeout })
    : createPlainServer({ keepAliveTimeout });
  const origin = `${tls ? "https://localhost" : "http://127.0.0.1"}:${await listen(server)}`;
  server.on("request", (incoming, outgoing) => {
    exchange(incoming, outgoing).catch((error: unknown) => {
      // Only a connection that broke while its request was being read ends here.
      outgoing.destroy(error instanceof Error ? error : undefined);
    });
  });

  async function exchange(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const method = incoming.method ?? "GET";
    const url = new URL(incoming.url ?? "/", origin);
    const anonymous = incoming.headers.authorization === undefined;
    const entry = requests.arrive({ site: name, method, url: url.href, anonymous });
    const hungUp = new AbortController();
    outgoing.once("close", () => hungUp.abort());
    let request: SimRequest | undefined;
    try {
      const body = await readBody(incoming);
      const closed = AbortSignal.any([hungUp.signal, stopping.signal]);
      request = { method, url, params: {}, headers: incoming.headers, body, closed };
      const end = await ending(request, faults.strike(name, request), router);
      if (typeof end === "object" && "refuseMs" in end) refuse(end.refuseMs);
      const answer = typeof end === "string" || "refuseMs" in end || outgoing.destroyed ? undefined : end;
      // Logged first, so that whoever has the answer finds the request in the log.
      requests.answer(entry, answer?.status ?? 0, request.caller);
      if (answer === undefined) incoming.socket.destroy();
      else {
        if (faults.dateAheadMs !== 0) {
          outgoing.setHeader("date", new Date(Date.now() + faults.dateAheadMs).toUTCString());
        }
        await send(outgoing, answer);
      }
    } catch (error) {
      if (entry.status === undefined) requests.answer(entry, 0, request?.caller);
      throw error;
    }
  }

  function refuse(ms: number): void {
    if (!server.listening) return;
    server.close();
    server.closeAllConnections();
    setTimeout(() => {
      if (!stopping.signal.aborted) server.listen(Number(new URL(origin).port), "127.0.0.1");
    }, ms).unref();
  }

  return {
    name,
    origin,
    route: (method: string, template: string, handler: Handler) => router.add(method, template, handler),
    async close() {
      stopping.abort();
      if (!server.listening) return;
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => resolve((server.address() as AddressInfo).port));
  });
}
