// What machines outside every network reach beside the simulator's own addresses: names that the simulator stands for, and
// nothing else. They go by a proxy, so that no name is ever looked up outside this machine.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Tunnels } from "./tunnel.ts";

export interface Outside {
  /** Environment of a process on such a machine. */
  readonly environment: Readonly<Record<string, string>>;
  /** Hosts that were asked for and refused, in order. */
  readonly refused: readonly string[];
  close(): Promise<void>;
}

/** @param names host names in lower case, with the port of this machine's loopback that answers for each */
export async function openOutside(names: ReadonlyMap<string, number>): Promise<Outside> {
  const tunnels = new Tunnels();
  const refused: string[] = [];
  const refuse = (host: string): string => {
    refused.push(host);
    return `The simulator has no host ${host}, and nothing here reaches beyond this machine.`;
  };
  const server = createServer((request, answer) => {
    const host = URL.canParse(request.url ?? "") ? new URL(request.url ?? "").host : (request.headers.host ?? "");
    answer.writeHead(502, { "content-type": "text/plain" }).end(refuse(host));
  });
  server.on("connect", (request, socket) => {
    const [host = "", asked] = (request.url ?? "").toLowerCase().split(":");
    const port = asked === "443" ? names.get(host) : undefined;
    if (port === undefined) {
      const said = refuse(request.url ?? host);
      socket.end(
        `HTTP/1.1 502 Bad Gateway\r\ncontent-type: text/plain\r\ncontent-length: ${said.length}\r\n\r\n${said}`,
      );
      return;
    }
    socket.write("HTTP/1.1 200 Connection Established\r\n\r\n");
    tunnels.passOn(socket, port);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    environment: { HTTPS_PROXY: `http://127.0.0.1:${port}`, NO_PROXY: "localhost,127.0.0.1" },
    refused,
    async close() {
      tunnels.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
