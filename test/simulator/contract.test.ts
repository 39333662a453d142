// The simulator as somebody outside sees it: a command, a ready file, a request log, a signal.
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, statSync } from "node:fs";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { decodeJwt } from "jose";
import type { ReadyFile } from "../../simulator/ready-file.ts";
import { ask } from "./http/client.ts";

const main = fileURLToPath(new URL("../../simulator/main.ts", import.meta.url));
const apiVersion = "api-version=2023-05-01";

interface Started {
  readonly process: ChildProcess;
  readonly line: string;
}

describe("the simulator's command", () => {
  let folder: string;
  const started: ChildProcess[] = [];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "contract-test-"));
  });
  afterEach(async () => {
    for (const child of started.splice(0)) if (child.exitCode === null) child.kill("SIGKILL");
    await rm(folder, { recursive: true });
  });

  function run(...args: string[]): ChildProcess {
    // A folder for temporary files of its own shows what is left in it.
    const env = { ...process.env, TMPDIR: folder };
    const child = spawn(process.execPath, ["--import", "tsx", main, ...args], {
      env,
      stdio: ["ignore", "pipe", "pipe"],
    });
    started.push(child);
    return child;
  }

  async function start(...more: string[]): Promise<Started & { readonly ready: ReadyFile }> {
    const files = ["--ready-file", join(folder, "ready.json"), "--request-log", join(folder, "requests.jsonl")];
    const child = run(...files, ...more);
    child.stderr?.pipe(process.stderr);
    const [line] = await once(child.stdout ?? child, "data");
    return { process: child, line: String(line), ready: JSON.parse(readFileSync(join(folder, "ready.json"), "utf8")) };
  }

  async function stop({ process: child }: Started, signal: "SIGTERM" | "SIGINT"): Promise<unknown> {
    const exited = once(child, "exit");
    child.kill(signal);
    const [code] = await exited;
    return code;
  }

  async function token({ authority, tenantId, clientId, clientSecret, arm, caFile }: ReadyFile): Promise<string> {
    const form = { grant_type: "client_credentials", client_id: clientId, client_secret: clientSecret };
    const answer = await ask(caFile, `${authority}/${tenantId}/oauth2/v2.0/token`, {
      method: "POST",
      body: new URLSearchParams({ ...form, scope: `${arm}/.default` }).toString(),
    });
    return (answer.json() as { access_token: string }).access_token;
  }

  it("writes all that its user needs to know, and says in one line what to do", async () => {
    const simulator = await start();
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

  it("lives in the service's own times on request", async () => {
    const simulator = await start("--real-time");
    assert.equal(await stop(simulator, "SIGTERM"), 0);
  });

  it("serves Azure and Azure DevOps at those addresses, and logs each request without its secrets", async () => {
    const simulator = await start();
    const { ready } = simulator;
    const bearer = await token(ready);
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
      const simulator = await start();
      const { ready } = simulator;
      const headers = { authorization: `Bearer ${await token(ready)}` };
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
      const child = run(...args);
      let errors = "";
      child.stderr?.on("data", (chunk) => {
        errors += chunk;
      });
      const [code] = await once(child, "close");
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
