import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const script = fileURLToPath(new URL("../../agent-image/agent-package.sh", import.meta.url));
const [ofSlim, ofOther] = ["a".repeat(64), "b".repeat(64)];

describe("the script that finds the agent for an image", () => {
  let server: Server;
  let origin: string;
  let notes: string | undefined;
  let hashValue: string | undefined;
  let authorization: string | undefined;

  beforeEach(async () => {
    [notes, hashValue, authorization] = [undefined, ofOther, undefined];
    server = createServer((request, response) => {
      const { pathname, searchParams } = new URL(request.url ?? "/", origin);
      if (pathname === "/releases/tags/v5.278.0" && notes !== undefined) {
        response.end(JSON.stringify({ body: notes }));
      } else if (pathname === "/org/_apis/distributedtask/packages/agent") {
        ({ authorization } = request.headers);
        const platform = searchParams.get("platform");
        const file = `vsts-agent-${platform}-5.278.0.${platform === "win-x64" ? "zip" : "tar.gz"}`;
        const version = { major: 5, minor: 278, patch: 0 };
        const downloadUrl = `https://download.example/agent/5.278.0/${file}`;
        response.end(JSON.stringify({ count: 1, value: [{ version, downloadUrl, hashValue }] }));
      } else response.writeHead(404).end();
    });
    await once(server.listen(0, "127.0.0.1"), "listening");
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(() => server.close());

  async function find(...platform: string[]): Promise<string[]> {
    const { PATH } = process.env;
    const env = { PATH, SYSTEM_ACCESSTOKEN: "token", AGENT_RELEASES: `${origin}/releases` };
    const { stdout } = await promisify(execFile)("bash", [script, `${origin}/org/`, ...platform], { env });
    return stdout.trim().split("\n");
  }
  const table = (file: string): string =>
    `| Linux x64 | [vsts-${file}](https://x/vsts-${file}) | ${"c".repeat(64)} |\n| Linux x64 | [${file}](https://x/${file}) | ${ofSlim} |\n`;

  it("takes the smaller package of the version that the organization offers, with its published hash", async () => {
    notes = table("pipelines-agent-linux-x64-5.278.0.tar.gz");
    const address = "https://download.example/agent/5.278.0/pipelines-agent-linux-x64-5.278.0.tar.gz";
    assert.deepEqual(await find(), ["5.278.0", address, ofSlim]);
    assert.equal(authorization, `Basic ${Buffer.from(":token").toString("base64")}`);
  });

  it("does so for Windows", async () => {
    notes = table("pipelines-agent-win-x64-5.278.0.zip");
    const address = "https://download.example/agent/5.278.0/pipelines-agent-win-x64-5.278.0.zip";
    assert.deepEqual(await find("win-x64"), ["5.278.0", address, ofSlim]);
  });

  it("takes the one that the organization names when nobody tells the other's hash", async () => {
    for (const text of [undefined, "no table"]) {
      notes = text;
      const address = "https://download.example/agent/5.278.0/vsts-agent-linux-x64-5.278.0.tar.gz";
      assert.deepEqual(await find(), ["5.278.0", address, ofOther]);
    }
  });

  it("takes none whose hash nobody tells", async () => {
    hashValue = undefined;
    await assert.rejects(find(), /Nobody has published the SHA-256 of agent 5\.278\.0 for linux-x64/);
  });
});
