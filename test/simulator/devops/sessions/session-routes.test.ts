import assert from "node:assert/strict";
import type { OrganizationOptions } from "../../../../simulator/devops/organization-options.ts";
import { queueJob } from "../fixture/job-fixture.ts";
import { agentsPath, HandAgent } from "../fixture/manual-agent.ts";
import { openStand, type Stand } from "../fixture/organization-fixture.ts";

describe("A listener's session", () => {
  let stand: Stand;

  const open = async (options: Partial<OrganizationOptions> = {}): Promise<void> => {
    stand = await openStand(options);
  };
  afterEach(() => stand.close());

  const status = (): string | undefined => stand.organization.agents()[0]?.status;

  it("puts the agent online and replaces its system capabilities, not the user's", async () => {
    await open();
    const agent = await HandAgent.register(stand, { userCapabilities: { mine: "1" } });
    assert.equal(status(), "offline");
    const { json } = await agent.openSession({ "Agent.Version": "5.279.0", PATH: "/usr/bin" });
    assert.equal((json.encryptionKey as { encrypted: boolean }).encrypted, true);
    const [online] = stand.organization.agents();
    assert.equal(online?.status, "online");
    assert.deepEqual(online?.systemCapabilities, { "Agent.Version": "5.279.0", PATH: "/usr/bin" });
    assert.deepEqual(online?.userCapabilities, { mine: "1" });
    assert.equal((await agent.closeSession()).status, 204);
    assert.equal(status(), "offline");
  });

  it("without capabilities leaves the record none but the user's, by the stricter reading", async () => {
    await open();
    const agent = await HandAgent.register(stand, { userCapabilities: { mine: "1" } });
    assert.equal((await agent.openSession("left out")).status, 200);
    const [online] = stand.organization.agents();
    assert.deepEqual([online?.systemCapabilities, online?.userCapabilities], [{}, { mine: "1" }]);
    const refused = queueJob(stand, { demands: ["mine"] });
    assert.match(
      (await refused.outcome).message ?? "",
      /demands: mine, Agent\.Version -gtVersion/,
      "every job asks for one",
    );
    await agent.closeSession();
    await agent.openSession({ "Agent.Version": "5.279.0" });
    const served = queueJob(stand, { demands: ["mine"] });
    assert.equal(JSON.parse((await agent.message()).body).requestId, served.requestId);
  });

  it("is the only one of its agent", async () => {
    await open();
    const agent = await HandAgent.online(stand);
    const second = await agent.openSession();
    assert.equal(second.status, 409);
    assert.equal(second.json.typeKey, "TaskAgentSessionConflictException");
  });

  it("can be refused, for a moment or for good", async () => {
    await open();
    const agent = await HandAgent.register(stand);
    stand.organization.levers.refuseSession("conflict");
    stand.organization.levers.refuseSession("accessDenied");
    assert.equal((await agent.openSession()).json.typeKey, "TaskAgentSessionConflictException");
    assert.equal((await agent.openSession()).json.typeKey, "AccessDeniedException");
    assert.equal((await agent.openSession()).status, 200);
  });

  it("belongs to the agent alone: nobody else opens or polls it", async () => {
    await open();
    const [agent, other] = [await HandAgent.online(stand), await HandAgent.online(stand)];
    other.sessionId = agent.sessionId;
    assert.equal((await other.poll(0)).status, 404);
    other.token = stand.organization.pat;
    assert.equal((await other.poll(0)).status, 403);
    assert.equal((await other.openSession()).status, 403);
  });

  it("expires when nobody polls", async () => {
    await open({ offlineAfterMs: 20 });
    const agent = await HandAgent.online(stand);
    // A poll that is open keeps the session; without one it ends, however long that takes here.
    while (status() === "online") await stand.call("GET", agentsPath);
    const late = await agent.poll(0);
    assert.equal(late.json.typeKey, "TaskAgentSessionExpiredException");
  });

  it("ends with its record: an open poll is told so", async () => {
    await open();
    const agent = await HandAgent.online(stand);
    const poll = agent.poll(0);
    await stand.sites.requests.seen(({ url }) => url.includes("/messages"));
    await stand.call("DELETE", `${agentsPath}/${agent.id}`);
    assert.equal((await poll).json.typeKey, "TaskAgentNotFoundException");
    assert.equal((await agent.poll(0)).status, 404);
  });

  it("can end by a revoked token instead", async () => {
    await open({ deletedAgent: "tokenRevoked" });
    const agent = await HandAgent.online(stand);
    await stand.call("DELETE", `${agentsPath}/${agent.id}`);
    assert.equal((await agent.poll(0)).json.typeKey, "TaskAgentAccessTokenExpiredException");
  });
});

describe("A message", () => {
  let stand: Stand;

  const open = async (options: Partial<OrganizationOptions> = {}): Promise<void> => {
    stand = await openStand(options);
  };
  afterEach(() => stand.close());

  it("of a job queued before the session waits for it", async () => {
    await open();
    const agent = await HandAgent.register(stand);
    const job = queueJob(stand);
    await agent.openSession();
    const message = await agent.message();
    assert.equal(message.messageType, "PipelineAgentJobRequest");
    const body = JSON.parse(message.body);
    assert.equal(body.requestId, job.requestId);
    assert.equal(body.jobId, job.identity.jobId);
  });

  it("ends a poll that was open", async () => {
    await open({ longPollMs: 60_000 });
    const agent = await HandAgent.online(stand);
    const poll = agent.poll(0);
    await stand.sites.requests.seen(({ url }) => url.includes("/messages"));
    queueJob(stand);
    assert.equal((await poll).json.messageType, "PipelineAgentJobRequest");
  });

  it("comes again until it is deleted", async () => {
    await open({ longPollMs: 20 });
    const agent = await HandAgent.online(stand);
    queueJob(stand);
    const first = await agent.message();
    assert.equal((await agent.message()).messageId, first.messageId);
    assert.equal((await agent.message(first.messageId)).messageId, first.messageId, "seen, but not deleted");
    assert.equal((await agent.deleteMessage(first.messageId)).status, 204);
    assert.equal((await agent.poll(first.messageId)).status, 202);
    stand.organization.levers.redeliver(agent.id);
    assert.equal((await agent.poll(first.messageId)).json.messageId, first.messageId);
  });

  it("comes to the next session when the last one never began the job", async () => {
    await open();
    const agent = await HandAgent.online(stand);
    const job = queueJob(stand);
    await agent.message();
    await agent.closeSession();
    await agent.openSession();
    assert.equal(JSON.parse((await agent.message()).body).requestId, job.requestId);
  });

  it("goes to a poll without a position too, and comes again because nobody has deleted it", async () => {
    await open();
    const agent = await HandAgent.online(stand);
    queueJob(stand);
    const first = await agent.poll();
    assert.equal(first.status, 200, "a listener's first poll has no position");
    assert.equal((await agent.poll()).json.messageId, first.json.messageId, "nor has a keep-alive");
    assert.equal((await agent.poll(0)).json.messageId, first.json.messageId);
  });

  it("is encrypted for the agent alone, each with an IV of its own", async () => {
    await open();
    const agent = await HandAgent.online(stand);
    const job = queueJob(stand);
    const sealed = (await agent.poll()).json;
    assert.equal(Buffer.from(String(sealed.iv), "base64").length, 16);
    assert.ok(!String(sealed.body).includes("{"), "the body is not readable");
    assert.equal(JSON.parse(agent.read(sealed).body).requestId, job.requestId);
    stand.organization.levers.sendAgentRefresh(agent.id);
    assert.notEqual((await agent.poll(Number(sealed.messageId))).json.iv, sealed.iv);
  });

  it("has a number that no earlier session has used: an agent keeps its position", async () => {
    await open();
    const agent = await HandAgent.online(stand);
    queueJob(stand);
    const { messageId } = await agent.message();
    await agent.closeSession();
    await agent.openSession();
    assert.ok((await agent.message(messageId)).messageId > messageId);
  });

  it("still arrives when keep-alives are dropped", async () => {
    await open();
    const agent = await HandAgent.online(stand);
    stand.organization.levers.dropKeepAlives();
    queueJob(stand);
    assert.equal((await agent.poll()).status, 200, "the first poll is the listener's own");
    assert.equal((await agent.poll()).status, 503);
    assert.equal((await agent.poll(0)).status, 200);
  });

  it("can tell the agent to update itself", async () => {
    await open();
    const agent = await HandAgent.online(stand);
    stand.organization.levers.sendAgentRefresh(agent.id);
    const { messageType, body } = await agent.message();
    assert.equal(messageType, "AgentRefresh");
    assert.equal(JSON.parse(body).targetVersion, "5.278.0");
  });
});
