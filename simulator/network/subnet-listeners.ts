// Listens in a subnet's own network on behalf of private resources.
import { createServer, type Server as HttpServer } from "node:http";
import { createServer as createTcpServer, type Server } from "node:net";
import { readBody } from "../http/handle-request.ts";
import type { PrivateResource } from "./private-resource.ts";
import type { Tunnels } from "./tunnel.ts";

/** Something that listens in a subnet's own network. */
export interface Listener {
  close(): Promise<void>;
}

/** Something else that is private and speaks TLS: its name, and the port of this machine's loopback behind it. */
export interface PrivateEndpoint {
  readonly host: string;
  readonly port: number;
}

/** The private resource itself, at an address that only one network leads to. */
export async function listenAsResource(
  privateResource: PrivateResource,
  subnetId: string,
  host: string,
): Promise<Listener> {
  const server = createServer(async (request, response) => {
    const [method, path] = [request.method ?? "GET", new URL(request.url ?? "/", privateResource.url).pathname];
    const body = (await readBody(request)).toString("utf8");
    const answer = privateResource.answer({ method, path, body, subnetId });
    response.writeHead(answer.status, { "content-type": "text/plain; charset=utf-8" }).end(answer.text);
  });
  await listen(server, 80, host);
  return { close: () => closed(server) };
}

/** A private endpoint at such an address: it looks at nothing of what goes through it. */
export async function listenAsEndpoint({ port }: PrivateEndpoint, host: string, tunnels: Tunnels): Promise<Listener> {
  const server = createTcpServer((socket) => tunnels.passOn(socket, port));
  await listen(server, 443, host);
  return {
    close() {
      const ended = new Promise<void>((resolve) => server.close(() => resolve()));
      tunnels.close();
      return ended;
    },
  };
}

/** Ends a server with all its connections. */
export async function closed(server: HttpServer): Promise<void> {
  const ended = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeAllConnections();
  await ended;
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => resolve());
  });
}
