// Ports inside a container's network, served by this process: a helper enters the network namespace, listens there and
// hands its listening sockets over. Nothing of it runs on in the container.
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { connect, type Server, type Socket } from "node:net";
import { promisify } from "node:util";

/** An address inside a namespace, and the one on this machine's loopback that answers for it. */
export interface Relay {
  readonly host: string;
  readonly port: number;
  readonly to: number;
}

/** Gives the namespace an address that is nobody's outside it. @throws when `ip` cannot. */
export async function addAddress(pid: number, address: string): Promise<void> {
  await promisify(execFile)("nsenter", [...into(pid), "ip", "address", "add", `${address}/32`, "dev", "lo"]);
}

/**
 * Relays ports of a namespace to this machine's loopback.
 * @param pid of a process in the namespace
 * @returns a function that ends it, and every connection
 */
export async function relay(pid: number, relays: readonly Relay[]): Promise<() => void> {
  const servers = await listenInside(pid, relays);
  const sockets = new Set<Socket>();
  for (const [index, server] of servers.entries()) {
    const to = relays[index]?.to ?? 0;
    server.on("connection", (inside: Socket) => {
      const outside = connect(to, "127.0.0.1");
      for (const [from, other] of [
        [inside, outside],
        [outside, inside],
      ] as const) {
        sockets.add(from);
        from.once("close", () => sockets.delete(from));
        from.once("error", () => other.destroy());
        from.pipe(other);
      }
    });
  }
  return () => {
    for (const server of servers) server.close();
    for (const socket of sockets) socket.destroy();
  };
}

async function listenInside(pid: number, relays: readonly Relay[]): Promise<Server[]> {
  const args = [...into(pid), process.execPath, "-e", helper, JSON.stringify(relays)];
  const { NODE_OPTIONS: _, ...env } = process.env;
  const child = spawn("nsenter", args, { env, stdio: ["ignore", "inherit", "inherit", "ipc"] });
  try {
    return await handedOver(child, relays.length);
  } finally {
    child.kill("SIGKILL");
  }
}

function handedOver(child: ChildProcess, count: number): Promise<Server[]> {
  const servers: Server[] = [];
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`The network namespace could not be entered: exit code ${code}.`)));
    child.on("message", (index, server) => {
      servers[Number(index)] = server as Server;
      if (servers.filter(Boolean).length === count) resolve(servers);
    });
  });
}

/** Text, because it runs in a process of its own. */
const helper = `for (const [index, { host, port }] of JSON.parse(process.argv[1]).entries()) {
  const server = require("node:net").createServer();
  server.listen(port, host, () => process.send(index, server));
}`;

const into = (pid: number): string[] => [`--net=/proc/${pid}/ns/net`, "--"];
