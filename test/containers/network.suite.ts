import assert from "node:assert/strict";
import { cli, type Lab, lab } from "./lab.ts";

/** A subnet of a virtual network of its own. */
async function otherSubnet(opened: Lab): Promise<string> {
  const { arm, location } = opened.simulator;
  const serviceName = "Microsoft.ContainerInstance/containerGroups";
  const delegations = [{ name: "container-groups", properties: { serviceName } }];
  arm.virtualNetworks.put("rg-network", "vnet-other", {
    location,
    properties: {
      addressSpace: { addressPrefixes: ["10.30.0.0/16"] },
      subnets: [{ name: "snet-other", properties: { addressPrefix: "10.30.1.0/24", delegations } }],
    },
  });
  return opened.simulator.subnetId.replace(/virtualNetworks\/.*/, "virtualNetworks/vnet-other/subnets/snet-other");
}

describe("containers' networks", () => {
  const opened = lab();

  it("let a container reach the private resource from its own network only, by name or by address", async () => {
    const { simulator } = opened();
    const { url, host } = simulator.network.privateResource;
    const { subnetId } = simulator;
    const inside = await opened().run(`curl -sS -m 5 ${url}; getent hosts ${host}`, { subnetId });
    assert.match(inside, /app\.shop\.internal answers snet-agents/);
    const address = /^(\S+)\s+app\.shop\.internal/m.exec(inside)?.[1];
    assert.ok(address, inside);
    // Somebody is in the network, so that the address exists.
    await opened().put({ name: "neighbour", image: simulator.ready.image, command: ["/bin/sleep", "600"], subnetId });
    for (const elsewhere of [await otherSubnet(opened()), undefined]) {
      const script = `curl -sS -m 5 ${url}; echo "by name: $?"; curl -sS -m 5 http://${address}/; echo "by address: $?"`;
      const outside = await opened().run(script, { name: "outsider", ...(elsewhere && { subnetId: elsewhere }) });
      assert.match(outside, /by name: 6$/m, "the name is not known there");
      assert.match(outside, /by address: 7$/m, "and no way leads to the address");
      assert.doesNotMatch(outside, /answers/);
    }
  });

  it("let a container reach the private storage account from its own network only, by name or by address", async () => {
    const { simulator } = opened();
    const { host } = simulator.storageAccount;
    const { subnetId } = simulator;
    // Whoever gets there without a token is challenged.
    const ask = `curl -sS -m 20 -o /dev/null -w 'storage answers %{http_code}\\n' https://${host}/deployments/release.json`;
    const inside = await opened().run(`${ask}; getent hosts ${host}`, { subnetId });
    assert.match(inside, /^storage answers 401$/m);
    const address = /^(\S+)\s+shopdata\.blob\.core\.windows\.net/m.exec(inside)?.[1];
    assert.ok(address, inside);
    await opened().put({ name: "neighbour", image: simulator.ready.image, command: ["/bin/sleep", "600"], subnetId });
    for (const elsewhere of [await otherSubnet(opened()), undefined]) {
      const script = `${ask}; echo "by name: $?"; ${ask} --resolve ${host}:443:${address}; echo "by address: $?"
        ${ask.replace(host, `${host}:${simulator.storageAccount.port}`)} --resolve ${host}:${simulator.storageAccount.port}:127.0.0.1; echo "by the port behind: $?"`;
      const outside = await opened().run(script, { name: "outsider", ...(elsewhere && { subnetId: elsewhere }) });
      assert.match(outside, /by name: 6$/m, "the name is not known there");
      assert.match(outside, /by address: 7$/m, "and no way leads to the address");
      assert.match(outside, /by the port behind: 7$/m, "nor does one lead around it");
      assert.doesNotMatch(outside, /storage answers (?!000)/);
    }
  });

  it("let every container reach the simulator's origins, with certificates that it trusts", async () => {
    const { arm, organizationUrl } = opened().simulator.ready;
    const output = await opened().run(
      `for url in ${arm}/subscriptions ${organizationUrl}_apis/connectionData; do curl -sS -o /dev/null -w '%{http_code}\\n' $url; done`,
    );
    assert.equal(output, "401\n401\n");
  });

  it("have a metadata service for nobody without an identity", async () => {
    const output = await opened().run("curl -sS -m 5 http://169.254.169.254/; echo ended with $?");
    assert.match(output, /ended with 7/);
  });

  it("lead nowhere else", async () => {
    const output = await opened().run("cat /proc/net/route; curl -sS -m 5 http://192.0.2.1/; echo ended with $?");
    assert.doesNotMatch(output, /^\S+\s+00000000\s/m, "there is no default route");
    assert.match(output, /ended with 7/);
  });

  it("are gone with the simulator, and so are the containers", async () => {
    const { simulator } = opened();
    const place = { image: simulator.ready.image, command: ["/bin/sleep", "600"], subnetId: simulator.subnetId };
    await (await opened().put({ name: "running", ...place })).when(({ state }) => state === "Running");
    const own = `sim-${process.pid}-`;
    assert.match(await cli.run(["ps", "--format", "{{.Names}}"]), new RegExp(own));
    await opened().close();
    assert.ok(!(await cli.run(["ps", "--all", "--format", "{{.Names}}"])).includes(own));
    assert.ok(!(await cli.run(["network", "ls", "--format", "{{.Name}}"])).includes(own));
  });
});
