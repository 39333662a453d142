import assert from "node:assert/strict";
import { join } from "node:path";
import type { LoggedRequest } from "../../../simulator/http/request-log.ts";
import { keyPair } from "../devops/fixture/agent-key.ts";
import { queueJob } from "../devops/fixture/job-fixture.ts";
import { agentsPath } from "../devops/fixture/manual-agent.ts";
import { openStand, type Stand } from "../devops/fixture/organization-fixture.ts";
import { bashStep, StandIn } from "./stand-in-fixture.ts";

describe("The stand-in agent's configuration", () => {
  let stand: Stand;
  let standIn: StandIn;

  beforeEach(async () => {
    stand = await openStand({ agentTimeScale: 0.002 });
    standIn = await StandIn.configured(stand);
  });
  afterEach(async () => {
    standIn.remove();
    await stand.close();
  });

  const opensNoSession = (): void => {
    assert.equal(stand.organization.agents()[0]?.status, "offline");
    assert.ok(!standIn.output.includes("Listening for Jobs"), standIn.output);
  };

  it("may begin with a byte order mark, as the agent writes it", async () => {
    for (const name of [".agent", ".credentials", ".credentials_rsaparams"]) {
      standIn.write(name, JSON.parse(standIn.read(name)), "\uFEFF");
    }
    const job = queueJob(stand, { steps: [bashStep("true")] });
    assert.equal(await standIn.run(), 0, standIn.output);
    assert.equal((await job.outcome).result, "succeeded");
  });

  it("is refused when a part of the key is not padded, as .NET refuses it", async () => {
    const parameters = standIn.agent.key.rsaParameters;
    for (const [name, length] of [
      ["d", 256],
      ["p", 128],
      ["inverseQ", 128],
    ] as const) {
      const short = Buffer.from(String(parameters[name]), "base64").subarray(1).toString("base64");
      standIn.write(".credentials_rsaparams", { ...parameters, [name]: short });
      assert.equal(await standIn.run(), 1);
      assert.match(
        standIn.output,
        new RegExp(`The RSA parameter ${name} must have ${length} bytes and has ${length - 1}`),
      );
    }
    opensNoSession();
  });

  it("is refused when the key is in base64url or incomplete", async () => {
    const parameters = standIn.agent.key.rsaParameters;
    const base64url = Buffer.from(String(parameters.dp), "base64").toString("base64url");
    for (const wrong of [{ dp: base64url }, { q: undefined }]) {
      standIn.write(".credentials_rsaparams", { ...parameters, ...wrong });
      assert.equal(await standIn.run(), 1, JSON.stringify(Object.keys(wrong)));
    }
    opensNoSession();
  });

  it("with another key gets no token: it ends with 1", async () => {
    standIn.write(".credentials_rsaparams", keyPair().rsaParameters);
    assert.equal(await standIn.run(), 1);
    assert.match(standIn.output, /signature verification failed/);
    opensNoSession();
  });

  it("is refused when it takes itself for a Microsoft-hosted agent", async () => {
    standIn.write(".agent", { ...JSON.parse(standIn.read(".agent")), agentCloudId: "cloud" });
    assert.equal(await standIn.run(), 2);
    opensNoSession();
  });

  it("must be there", async () => {
    standIn.write(".credentials", {});
    assert.equal(await standIn.run(), 2);
    assert.match(standIn.output, /OAuth/);
    assert.equal(await standIn.run({}, ["bin/Agent.Listener", "--version"]), 0);
    assert.match(standIn.output, /5\.278\.0/);
  });

  it("of a record that is gone before it starts is of no use: it asks for a token again and again", async () => {
    await stand.call("DELETE", `${agentsPath}/${standIn.agent.id}`);
    const exited = standIn.run();
    const { requests } = stand.sites;
    const refused = ({ site, status }: LoggedRequest): boolean => site === "agent-oauth" && status !== 200;
    await requests.answered(refused);
    await requests.answered(refused, requests.entries.length);
    standIn.signal("SIGTERM");
    assert.equal(await exited, 0, standIn.output);
    assert.match(standIn.read(join("_diag", standIn.logs()[0] ?? "")), /The client is not known/);
    assert.doesNotMatch(standIn.output, /Listening for Jobs/);
  });

  it("can be refused by the service when the session is opened", async () => {
    stand.organization.levers.refuseSession("accessDenied");
    assert.equal(await standIn.run(), 1);
    assert.match(standIn.output, /Failed to create session/);
  });

  it("is tried again while another session is open", async () => {
    stand.organization.levers.refuseSession("conflict");
    const exited = standIn.run();
    await standIn.online();
    standIn.signal("SIGTERM");
    assert.equal(await exited, 0);
  });

  it("lets run.sh start it as root only when told so", async () => {
    const isRoot = process.getuid?.() === 0;
    const job = queueJob(stand, { steps: [bashStep("true")] });
    const run = ["run.sh", "--once"];
    if (isRoot) {
      assert.equal(await standIn.run({}, run), 1);
      assert.match(standIn.output, /Must not run interactively with sudo/);
    }
    assert.equal(await standIn.run({ AGENT_ALLOW_RUNASROOT: "1" }, run), 0, standIn.output);
    assert.equal((await job.outcome).result, "succeeded");
  });

  it("says which arguments it does not know, and goes on", async () => {
    const job = queueJob(stand, { steps: [bashStep("true")] });
    assert.equal(await standIn.run({}, ["bin/Agent.Listener", "run", "--once", "--disableupdate"]), 0);
    assert.match(standIn.output, /Unrecognized command-line input argument: '--disableupdate'/);
    assert.equal((await job.outcome).result, "succeeded");
  });

  it("decides where the logs go", async () => {
    const job = queueJob(stand, { steps: [bashStep("true")] });
    const folder = `${standIn.folder}/elsewhere`;
    assert.equal(await standIn.run({ AGENT_DIAGLOGPATH: folder, WORKER_DIAGLOGPATH: folder }), 0);
    assert.equal((await job.outcome).result, "succeeded");
    assert.equal(standIn.logs(folder).length, 2);
    assert.deepEqual(standIn.logs(), []);
  });
});
