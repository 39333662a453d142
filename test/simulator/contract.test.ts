// The simulator as somebody outside sees it: a command, a ready file, a request log, a signal.
import assert from "node:assert/strict";
import { existsSync, readFileSync, statSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { decodeJwt } from "jose";
import { ask } from "./http/plain-request.ts";
import { SimCommand, stop, tokenOf } from "./sim-command.ts";

const apiVersion = "api-version=2023-05-01";

describe("the simulator's command", () => {
  let command: SimCommand;
  let folder: string;

  beforeEach(async () => {
    command = await SimCommand.inFolder();
    ({ folder } = command);
  });
  afterEach(() => command.close());

  it("writes all that its user needs to know, and says in one line what to do", async () => {
    const simulator = await command.start();
    const { ready, line } = simulator;
    for (const [name, value] of Object.entries({
      arm: /^https:\/\/localhost:\d+$/,
      authority: /^https:\/\/localhost:\d+$/,
      tenantId: /^[0-9a-f-]{36}$/,
      subscriptionId: /^[0-9a-f-]{36}$/,
      clientId: /^[0-9a-f-]{36}$/,
      clientSecret: /./,
      organizationUrl: /^https:\/\/localhost:\d+\/contoso\/$/,
      project: /^Shop$/,
      pat: /./,
      caFile: /\.pem$/,
      pool: /^ephemeral-agents$/,
      resourceGroup: /^rg-ephemeral-agents$/,
      location: /^westeurope$/,
      subnetId: /\/virtualNetworks\/vnet-shop\/subnets\/snet-agents$/,
      registryServer: /^localhost:\d+$/,
      image: /^localhost:\d+\/azure-pipelines-agent:latest$/,
    })) {
      assert.match(String(Reflect.get(ready, name)), value, name);
    }
    assert.equal(statSync(join(folder, "ready.json")).mode & 0o077, 0, "secrets are for its owner");
    assert.equal(line.trim().split("\n").length, 1);
    assert.ok(line.includes(ready.arm) && line.includes(ready.caFile));
    assert.equal(await stop(simulator, "SIGTERM"), 0);
  });

  it("serves Azure and Azure DevOps at those addresses, and logs each request without its secrets", async () => {
    const simulator = await command.start();
    const { ready } = simulator;
    const bearer = await tokenOf(ready);
    assert.equal(decodeJwt(bearer).tid, ready.tenantId);
    const group = `${ready.arm}/subscriptions/${ready.subscriptionId}/resourceGroups/${ready.resourceGroup}`;
    const read = await ask(ready.caFile, `${group}?${apiVersion}`, { headers: { authorization: `Bearer ${bearer}` } });
    assert.equal(read.status, 200, read.text);
    const basic = Buffer.from(`:${ready.pat}`).toString("base64");
    const pools = await ask(ready.caFile, `${ready.organizationUrl}_apis/distributedtask/pools?api-version=7.1`, {
      headers: { authorization: `Basic ${basic}` },
    });
    assert.match(pools.text, new RegExp(ready.pool));
    const log = readFileSync(join(folder, "requests.jsonl"), "utf8");
    const lines = log
      .trim()
      .split("\n")
      .map((each) => JSON.parse(each));
    assert.deepEqual(
      lines.map(({ site, method, status }) => [site, method, status]),
      [
        ["login", "POST", 200],
        ["arm", "GET", 200],
        ["devops", "GET", 200],
      ],
    );
    for (const each of lines)
      assert.deepEqual(Object.keys(each), ["time", "site", "method", "url", "status", "caller"]);
    assert.equal(lines[1]?.caller, "ephemeral-agents");
    for (const secret of [bearer, ready.clientSecret, ready.pat, basic]) assert.ok(!log.includes(secret));
    assert.equal(await stop(simulator, "SIGTERM"), 0);
  });

  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    it(`ends everything it started on ${signal}, containers too, and leaves no file`, async () => {
      const simulator = await command.start();
      const { ready } = simulator;
      const headers = { authorization: `Bearer ${await tokenOf(ready)}` };
      const base = `${ready.arm}/subscriptions/${ready.subscriptionId}/resourceGroups/${ready.resourceGroup}`;
      const group = `${base}/providers/Microsoft.ContainerInstance/containerGroups/kept`;
      const beat = join(folder, "beat");
      const body = {
        location: ready.location,
        properties: {
          osType: "Linux",
          subnetIds: [{ id: ready.subnetId }],
          containers: [
            {
              name: "agent",
              properties: {
                image: ready.image,
                command: ["/bin/bash", "-c", `echo $$ > ${beat}; exec sleep 1000`],
                resources: { requests: { cpu: 1, memoryInGB: 2 } },
              },
            },
          ],
        },
      };
      await ask(ready.caFile, `${group}?${apiVersion}`, { method: "PUT", headers, body });
      let text = "";
      while (!(text.includes('"Running"') && existsSync(beat))) {
        ({ text } = await ask(ready.caFile, `${group}?${apiVersion}`, { headers }));
      }
      const pid = Number(readFileSync(beat, "utf8"));
      assert.ok(isAlive(pid));
      assert.equal(await stop(simulator, signal), 0);
      assert.ok(!isAlive(pid), "the container outlived the simulator");
      assert.ok(!existsSync(ready.caFile) && !existsSync(join(folder, "ready.json")));
      const left = await readdir(folder);
      assert.deepEqual(
        left.filter((name) => name.startsWith("simulator-")),
        [],
      );
    });
  }

  for (const [what, args] of [
    ["no ready file", []],
    ["an option it does not know", ["--ready-file", "f", "--port", "1"]],
  ] as const) {
    it(`refuses ${what}, and says how it is called`, async () => {
      const { code, errors } = await command.ended(...args);
      assert.notEqual(code, 0);
      assert.match(errors, /Usage: npm run sim -- \(--ready-file FILE \| --shell\)/);
    });
  }
});

/** A process that has ended but was not yet waited for by its parent does not count. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}
