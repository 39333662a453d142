import assert from "node:assert/strict";
import type { OrganizationOptions } from "../../../simulator/devops/organization-options.ts";
import { queueJob } from "../devops/fixture/job-fixture.ts";
import { agentsPath } from "../devops/fixture/manual-agent.ts";
import { openStand, type Stand } from "../devops/fixture/organization-fixture.ts";
import { bashStep, StandIn } from "./stand-in-fixture.ts";

describe("A stand-in agent that goes wrong", () => {
  let stand: Stand;
  let standIn: StandIn;

  const open = async (options: Partial<OrganizationOptions> = {}): Promise<void> => {
    stand = await openStand({ agentTimeScale: 0.002, ...options });
    standIn = await StandIn.configured(stand);
  };
  afterEach(async () => {
    standIn.remove();
    await stand.close();
  });

  const status = (): string | undefined => stand.organization.agents()[0]?.status;

  it("crashes before it is online", async () => {
    await open();
    assert.equal(await standIn.run({ SIM_AGENT_BEHAVIOUR: "crash-before-online" }), 137);
    assert.deepEqual(
      stand.sites.requests.entries.filter(({ url }) => url.endsWith("/sessions")),
      [],
    );
  });

  it("never comes online", async () => {
    await open();
    const exited = standIn.run({ SIM_AGENT_BEHAVIOUR: "never-online" });
    while (standIn.logs().length === 0) await stand.call("GET", agentsPath);
    assert.equal(status(), "offline");
    standIn.signal("SIGKILL");
    assert.equal(await exited, 137);
  });

  it("crashes during its job, which fails when the lock runs out", async () => {
    await open({ lockMs: 3_000 });
    const job = queueJob(stand, { steps: [bashStep("exec sleep 600")] });
    assert.equal(await standIn.run({ SIM_AGENT_BEHAVIOUR: "crash-during-job" }), 137);
    assert.equal((await stand.call("DELETE", `${agentsPath}/${standIn.agent.id}`)).status, 400);
    const { result, message } = await job.outcome;
    assert.equal(result, "failed");
    assert.match(message ?? "", new RegExp(`^We stopped hearing from agent ${standIn.agent.name}\\.`));
    assert.equal((await stand.call("DELETE", `${agentsPath}/${standIn.agent.id}`)).status, 204);
  });

  it("deletes its session after the job and never exits", async () => {
    await open();
    const job = queueJob(stand, { steps: [bashStep("true")] });
    const exited = standIn.run({ SIM_AGENT_BEHAVIOUR: "never-exit" });
    assert.equal((await job.outcome).result, "succeeded");
    await stand.sites.requests.answered(({ method, url }) => method === "DELETE" && url.includes("/sessions/"));
    assert.equal(status(), "offline");
    standIn.signal("SIGKILL");
    assert.equal(await exited, 137);
  });

  it("wants to be started again after an update, and then does its job", async () => {
    await open();
    const job = queueJob(stand, { steps: [bashStep("true")] });
    const environment = { SIM_AGENT_BEHAVIOUR: "update-first" };
    assert.equal(await standIn.run(environment), 4);
    assert.equal(await standIn.run(environment), 0);
    assert.equal((await job.outcome).result, "succeeded");
  });

  it("is started again after an update by run.sh", async () => {
    await open();
    const job = queueJob(stand, { steps: [bashStep("true")] });
    const environment = { SIM_AGENT_BEHAVIOUR: "update-first", AGENT_ALLOW_RUNASROOT: "1" };
    assert.equal(await standIn.run(environment, ["run.sh", "--once"]), 0, standIn.output);
    assert.equal((await job.outcome).result, "succeeded");
  });

  it("is not started for a behaviour that there is not", async () => {
    await open();
    assert.equal(await standIn.run({ SIM_AGENT_BEHAVIOUR: "dance" }), 2);
    assert.match(standIn.output, /SIM_AGENT_BEHAVIOUR must be one of/);
  });
});

describe("A stand-in agent whom the service turns away", () => {
  let stand: Stand;
  let standIn: StandIn;

  const open = async (options: Partial<OrganizationOptions> = {}): Promise<void> => {
    stand = await openStand({ agentTimeScale: 0.002, ...options });
    standIn = await StandIn.configured(stand);
  };
  afterEach(async () => {
    standIn.remove();
    await stand.close();
  });

  const polling = (): Promise<unknown> =>
    stand.sites.requests.seen(({ method, url }) => method === "GET" && url.includes("/messages?"));

  it("ends when its record is deleted while it listens", async () => {
    await open();
    const exited = standIn.run();
    await polling();
    await stand.call("DELETE", `${agentsPath}/${standIn.agent.id}`);
    assert.equal(await exited, 2);
  });

  it("ends cleanly when its token is revoked with the record", async () => {
    await open({ deletedAgent: "tokenRevoked" });
    const exited = standIn.run();
    await polling();
    await stand.call("DELETE", `${agentsPath}/${standIn.agent.id}`);
    assert.equal(await exited, 0);
  });

  it("updates itself to the version it is told, and is another agent afterwards", async () => {
    await open();
    const bin = `${standIn.folder}/bin`;
    standIn.writeText("bin/version", "5.277.0");
    const before = standIn.inode("bin/Agent.Listener");
    const exited = standIn.run();
    await polling();
    assert.equal(stand.organization.agents()[0]?.systemCapabilities["Agent.Version"], "5.277.0");
    stand.organization.levers.sendAgentRefresh(standIn.agent.id);
    assert.equal(await exited, 4, standIn.output);
    assert.notEqual(standIn.inode("bin/Agent.Listener"), before, bin);
    assert.equal(standIn.read("bin/version"), "5.278.0");
    const job = queueJob(stand, { steps: [bashStep("true")] });
    assert.equal(await standIn.run(), 0);
    assert.equal((await job.outcome).result, "succeeded");
  });

  it("stays when it has the version already", async () => {
    await open();
    const exited = standIn.run();
    await polling();
    stand.organization.levers.sendAgentRefresh(standIn.agent.id);
    const job = queueJob(stand, { steps: [bashStep("true")] });
    assert.equal((await job.outcome).result, "succeeded");
    assert.equal(await exited, 0);
  });

  it("does a job once although its message comes twice", async () => {
    await open({ longPollMs: 20 });
    const { folder } = standIn;
    const job = queueJob(stand, {
      steps: [bashStep(`until [ -e ${folder}/go ]; do read -t 0.05 <> <(:); done; true`)],
    });
    const exited = standIn.run();
    const { requests } = stand.sites;
    await requests.answered(({ method, url }) => method === "DELETE" && url.includes("/messages/"));
    const from = requests.entries.length;
    stand.organization.levers.redeliver(standIn.agent.id);
    await requests.answered(({ url, status }) => url.includes("lastMessageId") && status === 200, from);
    standIn.writeText("go", "");
    assert.equal((await job.outcome).result, "succeeded");
    assert.equal(await exited, 0);
    assert.equal(standIn.output.split("Running job").length, 2);
  });

  it("opens another session when the one it had has expired", async () => {
    await open();
    const exited = standIn.run();
    await polling();
    stand.organization.levers.expireSession(standIn.agent.id);
    const job = queueJob(stand, { steps: [bashStep("true")] });
    assert.equal((await job.outcome).result, "succeeded");
    assert.equal(await exited, 0);
  });
});
