import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { type ReadEntry, t } from "tar";
import { HandAgent } from "../fixture/manual-agent.ts";
import { openStand, type Stand } from "../fixture/organization-fixture.ts";

describe("The agent package", () => {
  let stand: Stand;

  beforeEach(async () => {
    stand = await openStand({ agentVersion: "5.279.1" });
  });
  afterEach(() => stand.close());

  it("is offered to the unmodified client with version, name and hash", async () => {
    const [offered] = await (await stand.tasks()).getPackages("agent", "linux-x64", 1);
    assert.deepEqual(offered?.version, { major: 5, minor: 279, patch: 1 });
    assert.equal(offered?.filename, "vsts-agent-linux-x64-5.279.1.tar.gz");
    assert.match(offered?.downloadUrl ?? "", /\/agent\/5\.279\.1\/vsts-agent-linux-x64-5\.279\.1\.tar\.gz$/);
    assert.match(offered?.hashValue ?? "", /^[0-9a-f]{64}$/);
  });

  it("is listed by platform, and all of them without one", async () => {
    const packages = "_apis/distributedtask/packages/agent";
    assert.equal((await stand.call("GET", packages)).json.count, 2);
    assert.equal((await stand.call("GET", `${packages}?platform=linux-arm64&$top=1`)).json.count, 1);
    assert.equal((await stand.call("GET", `${packages}?platform=win-x64`)).json.count, 0);
  });

  it("can be downloaded by anybody and is what its hash says", async () => {
    const { json } = await stand.call("GET", "_apis/distributedtask/packages/agent/linux-x64/5.279.1");
    const { bytes, status } = await stand.call("GET", String(json.downloadUrl), { token: undefined });
    assert.equal(status, 200);
    assert.equal(createHash("sha256").update(bytes).digest("hex"), json.hashValue);
    const modes = new Map<string, number>();
    await pipeline(
      Readable.from([bytes]),
      t({ onReadEntry: (entry: ReadEntry) => modes.set(entry.path, entry.mode ?? 0) }),
    );
    for (const script of ["./run.sh", "./config.sh", "./bin/Agent.Listener"]) assert.equal(modes.get(script), 0o755);
    assert.ok(modes.has("./bin/agent.mjs"));
  });

  it("of another version is not there, not even to an agent, which may ask", async () => {
    const agent = await HandAgent.online(stand);
    const { status } = await stand.call("GET", "_apis/distributedtask/packages/agent/linux-x64/4.1.0", {
      token: agent.token,
    });
    assert.equal(status, 404);
  });
});
