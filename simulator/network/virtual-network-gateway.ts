// A stand-in for real networks, for containers that are processes of this machine and so share its network. A subnet is
// a forward proxy (gateway) that only containers of the subnet are told of, each with a credential of its own. What is
// private is a name that no resolver knows and that a gateway answers for, if it belongs to the virtual network. The
// gateway also answers for the metadata service of the container that asks: its usual address is nobody's here.
// Nothing keeps such a process from reaching other ports of this machine; that takes real containers, each in a network of
// its subnet, where the private resource listens itself.
import { randomBytes } from "node:crypto";
import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { readBody } from "../http/handle-request.ts";
import { PrivateResource } from "./private-resource.ts";
import { closed, type Listener, listenAsEndpoint, listenAsResource, type PrivateEndpoint } from "./subnet-listeners.ts";
import { Tunnels } from "./tunnel.ts";

/** Where an instance finds its metadata service (facts aci-azure-sdk §5). */
export const metadataAddress = "169.254.169.254";

/** A container's place in a subnet. */
export interface NetworkSeat {
  /** What the container's environment must have for programs to find the gateway. */
  readonly environment: Readonly<Record<string, string>>;
  /** The credential is worth nothing from now on. */
  leave(): void;
}

export interface Network {
  readonly privateResource: PrivateResource;
  /** @param metadataPort of this machine's loopback, for a container with a metadata service. */
  join(subnetId: string, metadataPort?: number): NetworkSeat;
  /**
   * Names that a real container of the subnet must know.
   * @param gateway this machine's address in the subnet's own network
   */
  hosts(subnetId: string | undefined, gateway: string): Readonly<Record<string, string>>;
  /** Lets what is private listen in the subnet's own network, if that belongs to the virtual network. */
  listen(subnetId: string | undefined, gateway: string): Promise<void>;
  close(): Promise<void>;
}

/** Who holds a gateway's credential. */
interface Neighbour {
  readonly subnetId: string;
  readonly metadataPort: number | undefined;
}

/**
 * @param virtualNetworkId resource id of the network that the private resource is in
 * @param endpoint in the same network
 */
export async function createNetwork(virtualNetworkId: string, endpoint?: PrivateEndpoint): Promise<Network> {
  const privateResource = new PrivateResource(virtualNetworkId);
  /** By the credential of the container that asks. */
  const seats = new Map<string, Neighbour>();
  const tunnels = new Tunnels();
  const neighbour = ({ headers }: IncomingMessage): Neighbour | undefined =>
    seats.get(headers["proxy-authorization"] ?? "");
  const server = createServer();
  server.on("request", (request, response) => {
    forward(request, response).catch(() => response.destroy());
  });
  server.on("connect", (request: IncomingMessage, socket: Duplex) => {
    // A client that does not read the refusal to its end resets the connection.
    socket.on("error", () => socket.destroy());
    const { subnetId } = neighbour(request) ?? {};
    if (subnetId === undefined) {
      socket.end("HTTP/1.1 407 Proxy Authentication Required\r\nproxy-authenticate: Basic\r\n\r\n");
    } else if (endpoint && request.url === `${endpoint.host}:443` && isInside(subnetId, virtualNetworkId)) {
      socket.write("HTTP/1.1 200 Connection Established\r\n\r\n");
      tunnels.passOn(socket, endpoint.port);
    } else {
      socket.end(`HTTP/1.1 502 Bad Gateway\r\n\r\n${unknownHost(request.url ?? "")}`);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;

  async function forward(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = (await readBody(request)).toString("utf8");
    const asking = neighbour(request);
    if (asking === undefined) {
      response.writeHead(407, { "proxy-authenticate": "Basic" }).end("This gateway serves its own subnet only.\n");
      return;
    }
    const target = URL.canParse(request.url ?? "") ? new URL(request.url ?? "") : undefined;
    const { subnetId, metadataPort } = asking;
    if (target?.host === metadataAddress && metadataPort !== undefined) {
      await askMetadata(request, response, metadataPort, target);
      return;
    }
    if (target?.host !== privateResource.host || !isInside(subnetId, virtualNetworkId)) {
      response.writeHead(502).end(unknownHost(target?.host ?? request.url ?? ""));
      return;
    }
    const method = request.method ?? "GET";
    const answer = privateResource.answer({ method, path: target.pathname, body, subnetId });
    response.writeHead(answer.status, { "content-type": "text/plain; charset=utf-8" }).end(answer.text);
  }

  /** By the addresses they listen at. */
  const inside = new Map<string, Promise<readonly Listener[]>>();

  return {
    privateResource,
    hosts(subnetId, gateway) {
      if (subnetId === undefined || !isInside(subnetId, virtualNetworkId)) return {};
      return { [privateResource.host]: gateway, ...(endpoint && { [endpoint.host]: gateway }) };
    },
    async listen(subnetId, gateway) {
      if (subnetId === undefined || !isInside(subnetId, virtualNetworkId)) return;
      const listening =
        inside.get(gateway) ??
        Promise.all([
          listenAsResource(privateResource, subnetId, gateway),
          ...(endpoint ? [listenAsEndpoint(endpoint, gateway, tunnels)] : []),
        ]);
      inside.set(gateway, listening);
      await listening;
    },
    join(subnetId, metadataPort) {
      const credential = `container:${randomBytes(12).toString("hex")}`;
      const header = `Basic ${Buffer.from(credential).toString("base64")}`;
      seats.set(header, { subnetId, metadataPort });
      const gateway = `http://${credential}@127.0.0.1:${port}`;
      return {
        environment: { http_proxy: gateway, https_proxy: gateway, no_proxy: "localhost,127.0.0.1" },
        leave: () => void seats.delete(header),
      };
    },
    async close() {
      tunnels.close();
      await closed(server);
      for (const each of (await Promise.all(inside.values())).flat()) await each.close();
    },
  };
}

/** Sends a container's request to its own metadata service on. */
function askMetadata(request: IncomingMessage, response: ServerResponse, port: number, target: URL): Promise<void> {
  const { method } = request;
  const own = Object.entries(request.headers).filter(([name]) => !name.startsWith("proxy-"));
  const headers = Object.fromEntries(own);
  const path = target.pathname + target.search;
  return new Promise((resolve, reject) => {
    const sent = httpRequest({ host: "127.0.0.1", port, method, path, headers, agent: false }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response).once("finish", resolve).once("error", reject);
    });
    sent.once("error", reject);
    sent.end();
  });
}

function isInside(subnetId: string, virtualNetworkId: string): boolean {
  return subnetId.toLowerCase().startsWith(`${virtualNetworkId.toLowerCase()}/subnets/`);
}

function unknownHost(host: string): string {
  return `The simulated network knows no host ${host}.\n`;
}
