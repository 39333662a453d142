// A network of the container engine for each subnet.
import type { ContainerCli } from "./engine-command.ts";

export interface SubnetNetwork {
  readonly name: string;
  /** This machine's own address in it. */
  readonly gateway: string;
}

/** One isolated network a subnet: no way leads from one to another, nor to the world. */
export class SubnetNetworks {
  readonly #cli: ContainerCli;
  readonly #prefix: string;
  readonly #networks = new Map<string, Promise<SubnetNetwork>>();

  /** @param prefix of the networks' names */
  constructor(cli: ContainerCli, prefix: string) {
    this.#cli = cli;
    this.#prefix = prefix;
  }

  get names(): string[] {
    return Array.from(this.#networks.keys(), (_, index) => `${this.#prefix}-net-${index}`);
  }

  /** @param subnetId a resource id; groups outside any virtual network share one of their own */
  of(subnetId = "none"): Promise<SubnetNetwork> {
    const key = subnetId.toLowerCase();
    const known = this.#networks.get(key);
    if (known !== undefined) return known;
    const creating = this.#create(`${this.#prefix}-net-${this.#networks.size}`);
    this.#networks.set(key, creating);
    return creating;
  }

  async remove(): Promise<void> {
    for (const name of this.names) await this.#cli.attempt(["network", "rm", "--force", name]);
    this.#networks.clear();
  }

  async #create(name: string): Promise<SubnetNetwork> {
    await this.#cli.run(["network", "create", "--internal", name]);
    const [network] = JSON.parse(await this.#cli.run(["network", "inspect", name]));
    const [subnet] = network.subnets ?? network.IPAM.Config;
    return { name, gateway: String(subnet.gateway ?? subnet.Gateway) };
  }
}
