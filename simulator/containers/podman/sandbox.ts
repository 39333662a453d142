// The limits and settings that a real container gets.
import { metadataAddress } from "../../network/virtual-network-gateway.ts";
import type { ContainerCli } from "./engine-command.ts";
import { addAddress, type Relay, relay } from "./namespace.ts";
import type { SubnetNetwork } from "./subnets.ts";

interface SandboxPlan {
  readonly name: string;
  readonly image: string;
  readonly network: SubnetNetwork;
  /** Addresses by name, for the container's hosts file. */
  readonly hosts: Readonly<Record<string, string>>;
  /** Ports of this machine's loopback that the container reaches at its own. */
  readonly ports: readonly number[];
  readonly metadataPort?: number;
}

/** Usual limits of processes and files: some machines cannot give the engine's own. */
export const limits = ["--ulimit", "nofile=1024:1024", "--ulimit", "nproc=1024:1024"];

/**
 * What a group has apart from its container, and keeps when that restarts: a network namespace with an address. A
 * container that only sleeps holds it, as in Kubernetes.
 */
export class Sandbox {
  readonly name: string;
  readonly #cli: ContainerCli;
  readonly #endRelay: () => void;

  private constructor(name: string, cli: ContainerCli, endRelay: () => void) {
    this.name = name;
    this.#cli = cli;
    this.#endRelay = endRelay;
  }

  static async open(cli: ContainerCli, plan: SandboxPlan): Promise<Sandbox> {
    const { name, image, network, hosts, ports, metadataPort } = plan;
    const named = Object.entries(hosts).flatMap(([host, address]) => ["--add-host", `${host}:${address}`]);
    const place = ["--name", name, "--network", network.name, ...named, ...limits];
    await cli.run(["run", "--detach", ...place, "--entrypoint", "sleep", image, "infinity"]);
    try {
      const pid = Number(await cli.run(["inspect", "--format", "{{.State.Pid}}", name]));
      const relays: Relay[] = ports.map((port) => ({ host: "127.0.0.1", port, to: port }));
      if (metadataPort !== undefined) {
        await addAddress(pid, metadataAddress);
        relays.push({ host: metadataAddress, port: 80, to: metadataPort });
      }
      return new Sandbox(name, cli, await relay(pid, relays));
    } catch (error) {
      await cli.attempt([...cli.remove, name]);
      throw error;
    }
  }

  async close(): Promise<void> {
    this.#endRelay();
    await this.#cli.attempt([...this.#cli.remove, this.name]);
  }
}
