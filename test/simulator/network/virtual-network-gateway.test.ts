import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { promisify } from "node:util";
import { createNetwork, metadataAddress, type Network } from "../../../simulator/network/virtual-network-gateway.ts";

const run = promisify(execFile);
const virtualNetwork = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/vnet-shop";
const subnet = `${virtualNetwork}/subnets/snet-agents`;

describe("the private resource", () => {
  let network: Network;
  before(async () => {
    network = await createNetwork(virtualNetwork);
  });
  after(() => network.close());

  const curl = async (env: Readonly<Record<string, string>>, ...args: string[]) =>
    (await run("curl", ["-sS", "--fail-with-body", ...args], { env: { PATH: process.env.PATH, ...env } })).stdout;

  it("answers from inside its network, naming itself and the subnet it was asked from", async () => {
    const seat = network.join(subnet);
    const text = await curl(seat.environment, network.privateResource.url);
    assert.match(text, /app\.shop\.internal.*snet-agents/);
  });

  it("keeps what is deployed to it", async () => {
    const { environment } = network.join(subnet);
    const url = `${network.privateResource.url}deployments/shop`;
    await assert.rejects(curl(environment, url), /404/);
    await curl(environment, "-X", "PUT", "--data", "version 2", url);
    assert.equal(await curl(environment, url), "version 2");
    assert.equal(network.privateResource.deployments.get("shop"), "version 2");
  });

  it("has a name that does not resolve outside", async () => {
    await assert.rejects(curl({}, network.privateResource.url), /resolve/);
  });

  it("is not known to the gateway of another network's subnet", async () => {
    const elsewhere = network.join(`${virtualNetwork}-2/subnets/snet-agents`);
    await assert.rejects(curl(elsewhere.environment, network.privateResource.url), /502/);
  });

  it("is out of reach once the container has left, and without a container's credential", async () => {
    const seat = network.join(subnet);
    seat.leave();
    await assert.rejects(curl(seat.environment, network.privateResource.url), /407/);
    const gateway = seat.environment.http_proxy?.replace(/\/\/.*@/, "//") ?? "";
    await assert.rejects(curl({ http_proxy: gateway }, network.privateResource.url), /407/);
  });

  it("is all that the gateway knows: nothing is forwarded to the outside", async () => {
    const { environment } = network.join(subnet);
    await assert.rejects(curl(environment, "http://elsewhere.invalid/"), /502/);
    await assert.rejects(curl(environment, "https://elsewhere.invalid/"), /502/);
  });
});

describe("a private endpoint, and a container's metadata service", () => {
  let network: Network;
  let behind: Server;
  const host = "shopdata.blob.core.windows.net";
  before(async () => {
    // Stands for both: it names what it was asked for, and whether it can tell that somebody passed that on.
    behind = createServer(({ headers, method, url }, response) => {
      response.end(`${method} ${headers.host}${url} ${headers.metadata} ${headers["proxy-authorization"]}`);
    });
    await new Promise<void>((resolve) => behind.listen(0, "127.0.0.1", resolve));
    network = await createNetwork(virtualNetwork, { host, port: port() });
  });
  after(async () => {
    await network.close();
    behind.close();
  });
  const port = (): number => (behind.address() as AddressInfo).port;

  const curl = async (env: Readonly<Record<string, string>>, ...args: string[]) => {
    const words = ["-sS", "--fail-with-body", "-m", "10", ...args];
    return (await run("curl", words, { env: { PATH: process.env.PATH, ...env } })).stdout;
  };

  it("are what is at the end of a tunnel from inside the network, which nobody looks into", async () => {
    const { environment } = network.join(subnet);
    assert.equal(await curl(environment, "-p", `http://${host}:443/a?b`), `GET ${host}:443/a?b undefined undefined`);
  });

  it("have no tunnel from another network, for another port, or without a credential that is still good", async () => {
    const elsewhere = network.join(`${virtualNetwork}-2/subnets/snet-agents`);
    await assert.rejects(curl(elsewhere.environment, "-p", `http://${host}:443/`), /response 502/);
    const seat = network.join(subnet);
    await assert.rejects(curl(seat.environment, "-p", `http://${host}:80/`), /response 502/);
    await assert.rejects(curl(seat.environment, `http://${host}/`), /502/);
    seat.leave();
    await assert.rejects(curl(seat.environment, "-p", `http://${host}:443/`), /response 407/);
  });

  it("answer at the usual address: each container's own service, to that container", async () => {
    const { environment } = network.join(subnet, port());
    const text = await curl(environment, "-H", "Metadata: true", `http://${metadataAddress}/metadata/x?y=z`);
    assert.equal(text, `GET ${metadataAddress}/metadata/x?y=z true undefined`);
    const { environment: without } = network.join(subnet);
    await assert.rejects(curl(without, `http://${metadataAddress}/`), /502/);
  });
});
