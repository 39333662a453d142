// A stand-in for real networks, for containers that are processes of this machine and so share its network. A subnet is
// a forward proxy (gateway) that only containers of the subnet are told of, each with a credential of its own. What is
// private is a name that no resolver knows and that a gateway answers for, if it belongs to the virtual network.
// Nothing keeps such a process from reaching other ports of this machine; that takes real containers, each in a network of
// its subnet, where the private resource listens itself.
import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { readBody } from "../http/exchange.ts";
import { PrivateResource } from "./private-resource.ts";

/** A container's place in a subnet. */
export interface NetworkSeat {
  /** What the container's environment must have for programs to find the gateway. */
  readonly environment: Readonly<Record<string, string>>;
  /** The credential is worth nothing from now on. */
  leave(): void;
}

export interface Network {
  readonly privateResource: PrivateResource;
  join(subnetId: string): NetworkSeat;
  /**
   * Names that a real container of the subnet must know.
   * @param gateway this machine's address in the subnet's own network
   */
  hosts(subnetId: string | undefined, gateway: string): Readonly<Record<string, string>>;
  /** Lets the private resource listen in the subnet's own network, if that belongs to the virtual network. */
  listen(subnetId: string | undefined, gateway: string): Promise<void>;
  close(): Promise<void>;
}

/** @param virtualNetworkId resource id of the network that the private resource is in. */
export async function createNetwork(virtualNetworkId: string): Promise<Network> {
  const privateResource = new PrivateResource(virtualNetworkId);
  /** Subnet by the credential of the container that asks. */
  const seats = new Map<string, string>();
  const server = createServer();
  server.on("request", (request, response) => {
    forward(request, response).catch(() => response.destroy());
  });
  server.on("connect", (request: IncomingMessage, socket: Duplex) => {
    // A client that does not read the refusal to its end resets the connection.
    socket.on("error", () => socket.destroy());
    socket.end(`HTTP/1.1 502 Bad Gateway\r\n\r\n${unknownHost(request.url ?? "")}`);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;

  async function forward(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = (await readBody(request)).toString("utf8");
    const subnetId = seats.get(request.headers["proxy-authorization"] ?? "");
    if (subnetId === undefined) {
      response.writeHead(407, { "proxy-authenticate": "Basic" }).end("This gateway serves its own subnet only.\n");
      return;
    }
    const target = URL.canParse(request.url ?? "") ? new URL(request.url ?? "") : undefined;
    if (target?.host !== privateResource.host || !isInside(subnetId, virtualNetworkId)) {
      response.writeHead(502).end(unknownHost(target?.host ?? request.url ?? ""));
      return;
    }
    const method = request.method ?? "GET";
    const answer = privateResource.answer({ method, path: target.pathname, body, subnetId });
    response.writeHead(answer.status, { "content-type": "text/plain; charset=utf-8" }).end(answer.text);
  }

  /** By the addresses they listen at. */
  const inside = new Map<string, Promise<Server>>();

  return {
    privateResource,
    hosts: (subnetId, gateway) =>
      subnetId !== undefined && isInside(subnetId, virtualNetworkId) ? { [privateResource.host]: gateway } : {},
    async listen(subnetId, gateway) {
      if (subnetId === undefined || !isInside(subnetId, virtualNetworkId)) return;
      const listening = inside.get(gateway) ?? listenInside(privateResource, subnetId, gateway);
      inside.set(gateway, listening);
      await listening;
    },
    join(subnetId) {
      const credential = `container:${randomBytes(12).toString("hex")}`;
      const header = `Basic ${Buffer.from(credential).toString("base64")}`;
      seats.set(header, subnetId);
      const gateway = `http://${credential}@127.0.0.1:${port}`;
      return {
        environment: { http_proxy: gateway, https_proxy: gateway, no_proxy: "localhost,127.0.0.1" },
        leave: () => void seats.delete(header),
      };
    },
    async close() {
      for (const each of [server, ...(await Promise.all(inside.values()))]) {
        const closed = new Promise<void>((resolve) => each.close(() => resolve()));
        each.closeAllConnections();
        await closed;
      }
    },
  };
}

/** The private resource itself, at an address that only one network leads to. */
async function listenInside(privateResource: PrivateResource, subnetId: string, host: string): Promise<Server> {
  const server = createServer(async (request, response) => {
    const [method, path] = [request.method ?? "GET", new URL(request.url ?? "/", privateResource.url).pathname];
    const body = (await readBody(request)).toString("utf8");
    const answer = privateResource.answer({ method, path, body, subnetId });
    response.writeHead(answer.status, { "content-type": "text/plain; charset=utf-8" }).end(answer.text);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(80, host, () => resolve());
  });
  return server;
}

function isInside(subnetId: string, virtualNetworkId: string): boolean {
  return subnetId.toLowerCase().startsWith(`${virtualNetworkId.toLowerCase()}/subnets/`);
}

function unknownHost(host: string): string {
  return `The simulated network knows no host ${host}.\n`;
}
