import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { create } from "tar";
import { containers, neededCommands } from "./fixture/local-container.ts";

const started = 'echo "the downloaded agent runs in $PWD"; exit 1';

/** The agent package as the service offers it: `bin/Agent.Listener` at its top. */
async function makePackage(): Promise<Buffer> {
  const folder = mkdtempSync(join(tmpdir(), "agent-package-"));
  mkdirSync(join(folder, "bin"));
  writeFileSync(join(folder, "bin/Agent.Listener"), `#!/usr/bin/env bash\n${started}\n`, { mode: 0o755 });
  await create({ file: join(folder, "package.tar.gz"), cwd: folder, gzip: true }, ["bin"]);
  const content = readFileSync(join(folder, "package.tar.gz"));
  rmSync(folder, { recursive: true });
  return content;
}

const sha256 = (content: string | Buffer) => createHash("sha256").update(content).digest("hex");

describe("the start script, when the image brings no agent", () => {
  const container = containers();
  let server: Server;
  let content: Buffer;
  let requests: number;
  /** What the server answers to the request of this number, counted from 1. */
  let answer: (request: number) => { readonly status: number; readonly body?: Buffer };

  before(async () => {
    content = await makePackage();
    server = createServer((_request, response) => {
      const { status, body } = answer(++requests);
      response.writeHead(status).end(body);
    });
    await once(server.listen(0, "127.0.0.1"), "listening");
  });
  after(() => server.close());
  beforeEach(() => {
    requests = 0;
    answer = () => ({ status: 200, body: content });
  });

  const startEnv = () => ({
    AGENT_PACKAGE_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/package?sig=a=b=`,
    AGENT_PACKAGE_SHA256: sha256(content),
    AGENT_PACKAGE_FILE: "pipelines-agent-linux-x64-5.278.0.tar.gz",
    RETRY_SECONDS: 0,
  });

  it("downloads the package, checks its hash, unpacks it and starts it", async () => {
    const fresh = container({ startEnv: startEnv() });
    const { exitCode, output } = await fresh.run();
    assert.equal(exitCode, 0);
    assert.match(output, /Downloading the agent package pipelines-agent-linux-x64-5\.278\.0\.tar\.gz/);
    assert.match(output, new RegExp(`the downloaded agent runs in ${fresh.root}/agent`));
    assert.ok(fresh.has("azp/agent/.credentials_rsaparams"));
    assert.equal(requests, 1);
  });

  it("downloads it through the agent's proxy, signing in to that", async () => {
    const asked: (string | undefined)[] = [];
    const through = createServer((request, response) => {
      asked.push(request.url, request.headers["proxy-authorization"]);
      response.end(content);
    });
    await once(through.listen(0, "127.0.0.1"), "listening");
    const url = "http://package.example/agent.tar.gz";
    const proxied = container({ startEnv: { ...startEnv(), AGENT_PACKAGE_URL: url } });
    const address = `http://127.0.0.1:${(through.address() as AddressInfo).port}`;
    const login = "VSTS_HTTP_PROXY_USERNAME=pro xy\nVSTS_HTTP_PROXY_PASSWORD=p@ss:w/rd\n";
    writeFileSync(join(proxied.startFiles, "proxy.env"), `VSTS_HTTP_PROXY=${address}\n${login}`);
    const { output } = await proxied.run();
    through.close();
    assert.match(output, /the downloaded agent runs/);
    assert.deepEqual(asked, [url, `Basic ${Buffer.from("pro xy:p@ss:w/rd").toString("base64")}`]);
    assert.ok(!output.includes("p@ss"), output);
  });

  it("takes the hash in capitals as well", async () => {
    const capitals = { ...startEnv(), AGENT_PACKAGE_SHA256: startEnv().AGENT_PACKAGE_SHA256.toUpperCase() };
    const { output } = await container({ startEnv: capitals }).run();
    assert.match(output, /the downloaded agent runs/);
  });

  it("does not download again when the container is restarted before a job came", async () => {
    const restarted = container({ startEnv: startEnv() });
    await restarted.run();
    const { output } = await restarted.run();
    assert.match(output, /the downloaded agent runs/);
    assert.equal(requests, 1);
  });

  it("runs nothing of a package with another hash, and says both", async () => {
    const expected = "0".repeat(64);
    const wrong = container({ startEnv: { ...startEnv(), AGENT_PACKAGE_SHA256: expected } });
    const { exitCode, output } = await wrong.run();
    assert.equal(exitCode, 0);
    assert.match(output, new RegExp(`has the SHA-256 ${startEnv().AGENT_PACKAGE_SHA256} instead of ${expected}`));
    assert.match(output, /The agent package could not be downloaded\.\n$/);
    assert.ok(!wrong.has("azp/agent"));
  });

  it("tries again when the download fails or is broken", async () => {
    answer = (request) =>
      request === 1 ? { status: 503 } : { status: 200, body: request === 2 ? content.subarray(0, 50) : content };
    const { output } = await container({ startEnv: startEnv() }).run();
    assert.match(output, /the downloaded agent runs/);
    assert.equal(requests, 3);
  });

  it("gives up after five failures", async () => {
    answer = () => ({ status: 503 });
    const { exitCode, output } = await container({ startEnv: startEnv() }).run();
    assert.equal(exitCode, 0);
    assert.equal(requests, 5);
    assert.match(output, /could not be downloaded/);
  });

  it("starts nothing without a hash to check", async () => {
    const { exitCode, output } = await container({ startEnv: { ...startEnv(), AGENT_PACKAGE_SHA256: "" } }).run();
    assert.equal(exitCode, 0);
    assert.match(output, /names no package with its SHA-256/);
    assert.equal(requests, 0);
  });

  it("says so when the package is no agent", async () => {
    const odd = container({ startEnv: { ...startEnv(), AGENT_PACKAGE_SHA256: sha256("no archive") } });
    answer = () => ({ status: 200, body: Buffer.from("no archive") });
    const { exitCode, output } = await odd.run();
    assert.equal(exitCode, 0);
    assert.match(output, /The agent package could not be unpacked/);
  });

  it("uses wget where there is no curl", async () => {
    const { output } = await container({ startEnv: startEnv(), commands: [...neededCommands, "wget"] }).run();
    assert.match(output, /the downloaded agent runs/);
  });

  it("says why a package could not be unpacked, and not of every file", async () => {
    const said = 'for file in {1..5000}; do echo "tar: $file: Cannot write: No space left on device" >&2; done; exit 2';
    const full = container({ startEnv: startEnv(), programs: { tar: said } });
    const { exitCode, output } = await full.run();
    assert.equal(exitCode, 0);
    assert.match(
      output,
      /tar: 1: Cannot write: No space left on device[\s\S]*The agent package could not be unpacked\.\n$/,
    );
    assert.ok(output.length < 2_000);
  });
});
