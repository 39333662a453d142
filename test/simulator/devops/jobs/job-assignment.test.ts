import assert from "node:assert/strict";
import { newRun, queueJob } from "../fixture/job-fixture.ts";
import { agentsPath, HandAgent } from "../fixture/manual-agent.ts";
import { openStand, type Stand } from "../fixture/organization-fixture.ts";

describe("Queuing a job", () => {
  let stand: Stand;

  beforeEach(async () => {
    stand = await openStand();
  });
  afterEach(() => stand.close());

  const requests = async (query = ""): Promise<Record<string, unknown>[]> => {
    const answer = await stand.call("GET", `_apis/distributedtask/pools/1/jobrequests${query}`);
    return answer.json.value as Record<string, unknown>[];
  };

  it("is refused at once in an empty pool, naming every demand", async () => {
    const { outcome } = queueJob(stand, { demands: ["EphemeralAgent.Run -equals 7"] });
    const { result, message } = await outcome;
    assert.equal(result, "failed");
    assert.equal(
      message,
      "No agent found in pool ephemeral-agents which satisfies the specified demands: EphemeralAgent.Run -equals 7, Agent.Version -gtVersion 2.163.1",
    );
    assert.deepEqual(await requests(), []);
  });

  it("is refused at once in a pool that does not exist", async () => {
    const { message } = await queueJob(stand, { poolName: "elsewhere" }).outcome;
    assert.match(message ?? "", /^Could not find a pool with name elsewhere\./);
  });

  it("is refused when the only agents are too old or not known by version", async () => {
    await HandAgent.register(stand, { version: "2.163.1" });
    await HandAgent.register(stand, { systemCapabilities: { "Agent.Name": "no-version" } });
    assert.equal((await queueJob(stand).outcome).result, "failed");
  });

  it("waits for an agent that matches and is offline, and tells which", async () => {
    const agent = await HandAgent.register(stand, { userCapabilities: { "EphemeralAgent.Run": "7" } });
    queueJob(stand, { demands: ["ephemeralagent.run -equals 7"] });
    const [request] = await requests();
    assert.equal(request?.assignTime, undefined);
    assert.deepEqual(
      (request?.matchedAgents as { id: number }[] | undefined)?.map(({ id }) => id),
      [agent.id],
    );
    assert.deepEqual(request?.demands, ["ephemeralagent.run -equals 7", "Agent.Version -gtVersion 2.163.1"]);
    const [top] = await requests("?$top=1");
    assert.equal(top?.matchedAgents, undefined);
  });

  it("waits for a placeholder's sake and goes to an agent that is registered later", async () => {
    stand.organization.addPlaceholder(stand.poolName);
    const job = queueJob(stand, { demands: ["EphemeralAgent"] });
    const agent = await HandAgent.online(stand);
    assert.equal(stand.organization.agents()[1]?.assignedRequestId, undefined);
    await stand.call("PUT", `${agentsPath}/${agent.id}/usercapabilities`, { body: { EphemeralAgent: "true" } });
    assert.equal(stand.organization.agents()[1]?.assignedRequestId, job.requestId);
  });

  it("gives nothing to a disabled agent until it is enabled", async () => {
    const agent = await HandAgent.online(stand);
    await stand.call("PATCH", `${agentsPath}/${agent.id}`, { body: { id: agent.id, enabled: false } });
    const job = queueJob(stand);
    assert.equal(stand.organization.agents()[0]?.assignedRequestId, undefined);
    await stand.call("PATCH", `${agentsPath}/${agent.id}`, { body: { id: agent.id, enabled: true } });
    assert.equal(stand.organization.agents()[0]?.assignedRequestId, job.requestId);
  });

  it("gives an agent one job at a time, the oldest first", async () => {
    const agent = await HandAgent.register(stand);
    const [first, second] = [queueJob(stand), queueJob(stand)];
    await agent.openSession();
    assert.equal(stand.organization.agents()[0]?.assignedRequestId, first.requestId);
    await agent.complete(first.identity, "succeeded");
    assert.equal((await first.outcome).agentName, agent.name);
    assert.equal(stand.organization.agents()[0]?.assignedRequestId, second.requestId);
  });

  it("gives no second job to an agent that said it is shutting down", async () => {
    const agent = await HandAgent.online(stand);
    const [first, second] = [queueJob(stand), queueJob(stand)];
    await agent.complete(first.identity, "succeeded", { agentShuttingDown: true });
    assert.equal(stand.organization.agents()[0]?.assignedRequestId, undefined);
    stand.organization.levers.ignoreAgentShuttingDown();
    assert.equal(stand.organization.agents()[0]?.assignedRequestId, second.requestId);
  });

  it("can be cancelled before an agent has it", async () => {
    await HandAgent.register(stand);
    const job = queueJob(stand);
    job.cancel(60_000);
    assert.equal((await job.outcome).result, "canceled");
    assert.equal((await requests())[0]?.result, "canceled");
  });

  it("lists the requests of an agent, of a plan and of a job, finished ones as many as asked for", async () => {
    const agent = await HandAgent.online(stand);
    const run = newRun(stand);
    const done = queueJob(stand, { run });
    await agent.complete(done.identity, "failed");
    const running = queueJob(stand, { run });
    const ids = async (query: string): Promise<unknown[]> => (await requests(query)).map((each) => each.requestId);
    assert.deepEqual(await ids(`?agentId=${agent.id}&completedRequestCount=1`), [running.requestId, done.requestId]);
    assert.deepEqual(await ids(`?agentIds=${agent.id},99&completedRequestCount=0`), [running.requestId]);
    assert.deepEqual(await ids("?agentId=99"), []);
    assert.deepEqual(await ids(`?planId=${run.planId}&jobId=${done.identity.jobId}`), [done.requestId]);
    assert.deepEqual(await ids("?$top=1&completedRequestCount=5"), [running.requestId]);
  });
});

describe("The last record that matched a queued job, when it is deleted,", () => {
  it("takes the job with it, by the stricter reading", async () => {
    const stand = await openStand();
    try {
      const agent = await HandAgent.register(stand);
      const job = queueJob(stand);
      await stand.call("DELETE", `${agentsPath}/${agent.id}`);
      const { result, message } = await job.outcome;
      assert.equal(result, "failed");
      assert.match(message ?? "", /^No agent found in pool/);
    } finally {
      await stand.close();
    }
  });

  it("leaves it queued for the next one, by the other", async () => {
    const stand = await openStand({ orphanedRequests: "stay" });
    try {
      const agent = await HandAgent.register(stand);
      const job = queueJob(stand);
      await stand.call("DELETE", `${agentsPath}/${agent.id}`);
      await HandAgent.online(stand);
      assert.equal(stand.organization.agents()[0]?.assignedRequestId, job.requestId);
    } finally {
      await stand.close();
    }
  });
});

describe("An organization with one parallel job", () => {
  it("keeps the second job waiting although an agent is idle", async () => {
    const stand = await openStand({ parallelJobs: 1 });
    try {
      const agents = [await HandAgent.online(stand), await HandAgent.online(stand)];
      const [first, second] = [queueJob(stand), queueJob(stand)];
      const assigned = (): unknown[] => stand.organization.agents().map(({ assignedRequestId }) => assignedRequestId);
      assert.deepEqual(assigned(), [first.requestId, undefined]);
      await agents[0]?.complete(first.identity, "succeeded", { agentShuttingDown: true });
      assert.deepEqual(assigned(), [undefined, second.requestId]);
    } finally {
      await stand.close();
    }
  });
});
