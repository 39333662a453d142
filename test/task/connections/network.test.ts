// What the container gets besides its agent, and how the task itself reaches out.
import assert from "node:assert/strict";
import type { AddressInfo } from "node:net";
import { connect as connectTo, createServer } from "node:net";
import { managedIdentityOperator } from "../../../simulator/arm/authorization/built-in-roles.ts";
import type { SimRequest } from "../../../simulator/http/https-site.ts";
import type { Simulator } from "../../../simulator/start-simulator.ts";
import { assertWarning } from "../scenario/expected-messages.ts";
import { story } from "../scenario/scenario.ts";
import { wholeLife } from "./ways.ts";

interface Variable {
  readonly name: string;
  readonly value?: string;
  readonly secureValue?: string;
}

/** What a request for a container group says, as far as it is looked at here. */
interface Body {
  readonly tags: Readonly<Record<string, string>>;
  readonly identity?: { readonly type: string; readonly userAssignedIdentities: Readonly<Record<string, object>> };
  readonly properties: {
    readonly subnetIds?: readonly { readonly id: string }[];
    readonly dnsConfig?: { readonly nameServers: readonly string[]; readonly searchDomains?: string };
    readonly volumes: readonly { readonly name: string; readonly emptyDir?: object; readonly azureFile?: object }[];
    readonly containers: readonly {
      readonly properties: {
        readonly environmentVariables: readonly Variable[];
        readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string }[];
      };
    }[];
  };
}

/** Looks at what passes on its way to Azure. */
function bodiesAsked({ faults }: Simulator): Body[] {
  const bodies: Body[] = [];
  const look = ({ body }: SimRequest) => {
    bodies.push(JSON.parse(body.toString()) as Body);
    return undefined;
  };
  faults.add({ site: "arm", method: "PUT", path: /\/containerGroups\/[^/]+\?/i, effect: { call: look } });
  return bodies;
}

/** The shop's network with DNS servers of its own. */
function ownDns({ arm, location }: Simulator, dnsServers: readonly string[]): void {
  const delegations = [
    { name: "container-groups", properties: { serviceName: "Microsoft.ContainerInstance/containerGroups" } },
  ];
  arm.virtualNetworks.put("rg-network", "vnet-shop", {
    location,
    properties: {
      addressSpace: { addressPrefixes: ["10.20.0.0/16"] },
      dhcpOptions: { dnsServers },
      subnets: [{ name: "snet-agents", properties: { addressPrefix: "10.20.1.0/24", delegations } }],
    },
  });
}

describe("The container", () => {
  story("asks the DNS servers that are given", async (scene) => {
    ownDns(scene.simulator, ["10.20.0.4"]);
    const bodies = bodiesAsked(scene.simulator);
    const dns = { dnsServers: "10.20.0.8, 10.20.0.9", dnsSearchDomains: "shop.internal" };
    const { log } = await wholeLife(scene, dns);
    assert.deepEqual(bodies[0]?.properties.dnsConfig, {
      nameServers: ["10.20.0.8", "10.20.0.9"],
      searchDomains: "shop.internal",
    });
    assert.doesNotMatch(log, /^DNS:/m);
  });

  story("asks the network's own DNS servers when none are given, and the log says so", async (scene) => {
    ownDns(scene.simulator, ["10.20.0.4", "10.20.0.5"]);
    const bodies = bodiesAsked(scene.simulator);
    const { log } = await wholeLife(scene, {});
    assert.deepEqual(bodies[0]?.properties.dnsConfig, { nameServers: ["10.20.0.4", "10.20.0.5"] });
    assert.match(log, /^DNS: +10\.20\.0\.4, 10\.20\.0\.5, as the virtual network of subnet snet-agents has them$/m);
  });

  story("is in no network when no subnet is given: a warning says what that means", async (scene) => {
    const bodies = bodiesAsked(scene.simulator);
    const created = await wholeLife(scene, { subnetId: "", location: scene.simulator.location });
    assert.equal(bodies[0]?.properties.subnetIds, undefined);
    assertWarning(created, "EA304");
  });

  story("has the identities, tags and volumes that it is given", async (scene) => {
    const { simulator } = scene;
    const { arm, deployer, pullIdentityId } = simulator;
    arm.access.assign({ principalId: deployer.objectId, role: managedIdentityOperator, scope: pullIdentityId });
    const bodies = bodiesAsked(simulator);
    await wholeLife(scene, {
      userAssignedIdentities: pullIdentityId,
      tags: "costCenter=4711",
      volumes: "emptyDir mountPath=/work",
      workFolder: "/work",
    });
    const [body] = bodies;
    assert.deepEqual(body?.identity, { type: "UserAssigned", userAssignedIdentities: { [pullIdentityId]: {} } });
    assert.equal(body.tags.costCenter, "4711");
    const mount = body.properties.containers[0]?.properties.volumeMounts.find(({ mountPath }) => mountPath === "/work");
    const volume = body.properties.volumes.find(({ name }) => name === mount?.name);
    assert.deepEqual(volume?.emptyDir, {});
  });

  story("gives its job the variables that it is given, and shows no secret one", async (scene) => {
    const bodies = bodiesAsked(scene.simulator);
    const inputs = {
      environmentVariables: "TF_IN_AUTOMATION=yes\nDB_PASS=not-for-the-pool\nAZ_CLOUD=of-the-job",
      secretEnvironmentVariables: "NUGET_TOKEN=not-for-everybody\nANIMAL=not-for-anybody",
    };
    const step = scene.step({ action: "create", ...inputs });
    const created = await step.execute();
    assert.equal(created.result, "succeeded", created.log);
    assert.doesNotMatch(created.log, /not-for-everybody/);
    const script = 'echo "automation: $TF_IN_AUTOMATION, token of $(printf %s "$NUGET_TOKEN" | wc -c) letters"';
    const { outcome } = step.queueJob(script, [`EphemeralAgent.Run -equals ${step.run.id}`]);
    assert.equal((await outcome).result, "succeeded");
    assert.ok(step.jobLines.items.includes("automation: yes, token of 17 letters"), step.jobLines.items.join("\n"));
    // What everybody sees of the agent who may look at the pool.
    const [{ systemCapabilities = {} } = {}] = scene.simulator.organization.agents();
    assert.equal(systemCapabilities.TF_IN_AUTOMATION, "yes");
    assert.equal(systemCapabilities.AZ_CLOUD, "of-the-job");
    for (const name of ["NUGET_TOKEN", "ANIMAL", "DB_PASS"]) assert.equal(systemCapabilities[name], undefined, name);
    assert.doesNotMatch(JSON.stringify(systemCapabilities), /not-for-/);
    const variables = bodies[0]?.properties.containers[0]?.properties.environmentVariables ?? [];
    assert.ok(variables.some(({ name, value }) => name === "TF_IN_AUTOMATION" && value === "yes"));
    assert.ok(variables.some(({ name, secureValue }) => name === "NUGET_TOKEN" && secureValue === "not-for-everybody"));
    await scene.step({ action: "remove" }, { run: step.run }).execute();
  });
});

/** A proxy that lets through whoever has the password, and remembers where they went. */
async function openProxy(authorization: string) {
  const visited = new Set<string>();
  let refused = 0;
  const server = createServer((client) => {
    client.on("error", () => client.destroy());
    client.once("data", (head) => {
      const text = head.toString("latin1");
      const [, host = "", port = ""] = /^CONNECT ([^:\s]+):(\d+) HTTP/.exec(text) ?? [];
      if (port === "" || !text.toLowerCase().includes(`proxy-authorization: ${authorization}`.toLowerCase())) {
        refused += 1;
        client.end("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n");
        return;
      }
      visited.add(`${host}:${port}`);
      const target = connectTo(Number(port), host, () => {
        client.write("HTTP/1.1 200 Connection established\r\n\r\n");
        client.pipe(target).pipe(client);
      });
      target.on("error", () => client.destroy());
      client.on("close", () => target.destroy());
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, visited, refusals: () => refused, close: () => void server.close() };
}

describe("The proxy of the task's machine", () => {
  story("is how the task reaches Entra, Azure and the organization", async (scene) => {
    const { simulator } = scene;
    const [username, password] = ["build-agents", "proxy-pass-phrase"];
    const proxy = await openProxy(`Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`);
    try {
      const variables = {
        "Agent.ProxyUrl": proxy.url,
        "Agent.ProxyUsername": username,
        "Agent.ProxyPassword": { value: password, isSecret: true },
      };
      const created = await wholeLife(scene, {}, { variables });
      const hosts = [simulator.authority, simulator.armOrigin, simulator.organization.url].map(
        (url) => new URL(url).host,
      );
      for (const host of hosts) assert.ok(proxy.visited.has(host), `${host} was not reached through the proxy`);
      assert.equal(proxy.refusals(), 0);
      assert.ok(!created.log.includes(password), "the password is not in the log");
    } finally {
      proxy.close();
    }
  });

  story("is left out for what the agent's bypass list has", async (scene) => {
    const { simulator } = scene;
    const proxy = await openProxy("Basic never-asked-for");
    try {
      const variables = { "Agent.ProxyUrl": proxy.url, "Agent.ProxyBypassList": JSON.stringify(["localhost"]) };
      await wholeLife(scene, {}, { variables });
      assert.deepEqual([[...proxy.visited], proxy.refusals()], [[], 0]);
      assert.ok(simulator.requests.entries.length > 0);
    } finally {
      proxy.close();
    }
  });
});
