import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { type OrganizationOptions, realTimes } from "../../../../simulator/devops/organization-options.ts";
import { queueJob } from "../fixture/job-fixture.ts";
import { agentsPath, HandAgent } from "../fixture/manual-agent.ts";
import { openStand, type Stand } from "../fixture/organization-fixture.ts";

interface Seen {
  readonly assigned: boolean;
  readonly completed: string | undefined;
}

describe("An agent's job", () => {
  let stand: Stand;

  const open = async (options: Partial<OrganizationOptions> = {}): Promise<void> => {
    stand = await openStand(options);
  };
  afterEach(() => stand.close());

  const read = async (id: number): Promise<Record<string, unknown>> => {
    const include = "includeAssignedRequest=true&includeLastCompletedRequest=true";
    return (await stand.call("GET", `${agentsPath}/${id}?${include}`)).json;
  };
  const seen = async (id: number): Promise<Seen> => {
    const { assignedRequest, lastCompletedRequest } = await read(id);
    return {
      assigned: assignedRequest !== undefined,
      completed: (lastCompletedRequest as { result?: string } | undefined)?.result,
    };
  };

  it("shows as assigned, then as received, with its owner", async () => {
    await open();
    const agent = await HandAgent.online(stand);
    const job = queueJob(stand);
    const assigned = (await read(agent.id)).assignedRequest as Record<string, unknown>;
    assert.equal(assigned.receiveTime, undefined);
    assert.equal(assigned.lockedUntil, undefined, "only a job that runs is locked");
    assert.equal(assigned.jobName, undefined, "the service says it nowhere");
    assert.deepEqual(assigned.data, { ParallelismTag: "Private" });
    assert.deepEqual(assigned.agentDelays, []);
    const { id, name, _links } = assigned.owner as { id: number; name: string; _links: { self: { href: string } } };
    assert.deepEqual({ id, name }, { id: job.run.id, name: job.run.name });
    assert.match(_links.self.href, new RegExp(`/_apis/build/Builds/${job.run.id}$`));
    assert.equal(assigned.scopeId, job.run.project.id);
    assert.equal(assigned.planId, job.run.planId);
    assert.equal((assigned.reservedAgent as { id: number }).id, agent.id);
    assert.equal(assigned.matchedAgents, undefined);

    const renewed = await agent.renew(job.requestId);
    assert.equal(renewed.status, 200);
    assert.ok(renewed.json.receiveTime);
    assert.ok(renewed.json.lockedUntil);
    for (const time of [assigned.queueTime, assigned.assignTime, renewed.json.receiveTime]) {
      assert.match(String(time), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,7})?Z$/);
    }
    assert.match(String(assigned.queueTime), /\.\d{4,7}Z$/, "finer than milliseconds");
  });

  it("shows only to those who ask", async () => {
    await open();
    const agent = await HandAgent.online(stand);
    queueJob(stand);
    const { json } = await stand.call("GET", `${agentsPath}/${agent.id}`);
    assert.equal(json.assignedRequest, undefined);
  });

  it("is for one read neither assigned nor completed when it has ended", async () => {
    await open();
    const agent = await HandAgent.online(stand);
    const job = queueJob(stand);
    await agent.complete(job.identity, "succeeded");
    await stand.call("GET", `${agentsPath}/${agent.id}`);
    assert.deepEqual(await seen(agent.id), { assigned: false, completed: undefined });
    assert.deepEqual(await seen(agent.id), { assigned: false, completed: "succeeded" });
  });

  it("is for one read both, when the service is taken to do it the other way round", async () => {
    await open({ clearing: { first: "lastCompletedRequest", reads: 1 } });
    const agent = await HandAgent.online(stand);
    const job = queueJob(stand);
    await agent.complete(job.identity, "failed");
    assert.deepEqual(await seen(agent.id), { assigned: true, completed: "failed" });
    assert.deepEqual(await seen(agent.id), { assigned: false, completed: "failed" });
  });

  it("hands over its outputs", async () => {
    await open();
    const agent = await HandAgent.online(stand);
    const job = queueJob(stand);
    const { jobId, scopeId, planId } = job.identity;
    const variables = { name: { value: "x" }, key: { value: "y", isSecret: true } };
    const record = { id: randomUUID(), parentId: jobId, type: "Task", name: "Create", refName: "create", variables };
    const records = `${scopeId}/_apis/distributedtask/hubs/build/plans/${planId}/timelines/${job.run.timelineId}/records`;
    const told = await stand.call("PATCH", records, { body: { value: [record], count: 1 }, token: agent.token });
    const [shown] = told.json.value as { variables: Record<string, object> }[];
    assert.deepEqual(shown?.variables.key, { value: null, isSecret: true });
    const ignored = { outputs: { "create.other": { value: "z" } } };
    await agent.complete(job.identity, "succeededWithIssues", ignored);
    const outcome = await job.outcome;
    assert.equal(outcome.result, "succeededWithIssues");
    assert.deepEqual(outcome.outputs, { "create.name": variables.name, "create.key": variables.key });
  });

  it("ends by its request when its plan has no version, with its outputs", async () => {
    await open();
    const agent = await HandAgent.online(stand);
    const job = queueJob(stand);
    job.run.record({
      id: randomUUID(),
      parentId: job.identity.jobId,
      type: "Task",
      refName: "step",
      variables: { colour: { value: "blue" } },
    });
    await agent.renew(job.requestId);
    const body = { requestId: job.requestId, finishTime: new Date().toISOString(), result: "Succeeded" };
    const finished = await agent.call("PATCH", `jobrequests/${job.requestId}?lockToken=0`, body);
    assert.equal(finished.json.result, "succeeded");
    assert.equal(finished.json.lockedUntil, undefined);
    const { result, outputs } = await job.outcome;
    assert.deepEqual({ result, outputs }, { result: "succeeded", outputs: { "step.colour": { value: "blue" } } });
  });

  it("is shown without its result when it has ended, where the service leaves it out", async () => {
    await open({ hideResults: true });
    const agent = await HandAgent.online(stand);
    const job = queueJob(stand);
    await agent.complete(job.identity, "failed");
    const { json } = await agent.stand.call("GET", `_apis/distributedtask/pools/1/jobrequests/${job.requestId}`);
    assert.equal(json.result, undefined);
    assert.ok(json.finishTime);
  });

  it("of a release tells which release it is only in its links", async () => {
    await open();
    const agent = await HandAgent.online(stand);
    const definition = { id: 3, name: "Deploy" };
    const run = stand.organization.createRun({ project: "Shop", definition, kind: "Release" });
    queueJob(stand, { run });
    const { owner } = (await read(agent.id)).assignedRequest as {
      owner: { id: number; name: string; _links: { self: { href: string } } };
    };
    assert.notEqual(owner.id, run.id);
    assert.equal(owner.name, "Release-1 / stage");
    assert.match(owner._links.self.href, /\/_apis\/Release\/releases\/1$/);
  });

  it("keeps its record from being deleted", async () => {
    await open();
    const agent = await HandAgent.online(stand, { name: "busy" });
    const job = queueJob(stand);
    const refused = await stand.call("DELETE", `${agentsPath}/${agent.id}`);
    assert.equal(refused.status, 400);
    assert.equal(refused.json.typeKey, "TaskAgentJobStillRunningException");
    assert.equal(refused.json.message, 'Agent "busy" is running a job for pool "ephemeral-agents"');
    await agent.complete(job.identity, "succeeded");
    assert.equal((await stand.call("DELETE", `${agentsPath}/${agent.id}`)).status, 204);
  });

  it("fails when the agent is not heard from before its lock runs out", async () => {
    await open({ lockMs: 50 });
    const agent = await HandAgent.online(stand, { name: "silent" });
    const { result, message, agentName } = await queueJob(stand).outcome;
    assert.equal(result, "failed");
    assert.match(
      message ?? "",
      /^We stopped hearing from agent silent\. Verify the agent machine is running and has a healthy network connection\./,
    );
    assert.equal(agentName, "silent");
    await seen(agent.id);
    assert.deepEqual(await seen(agent.id), { assigned: false, completed: "abandoned" });
  });

  it("is locked for five minutes at the service's own times", async () => {
    await open(realTimes);
    const agent = await HandAgent.online(stand);
    const job = queueJob(stand);
    const lock = async (): Promise<number> => Date.parse(String((await agent.renew(job.requestId)).json.lockedUntil));
    const before = Date.now();
    const until = await lock();
    assert.ok(until >= before + 5 * 60_000 && until <= Date.now() + 5 * 60_000);
    await agent.complete(job.identity, "succeeded");
  });

  it("can be neither renewed nor completed once it has ended", async () => {
    await open();
    const agent = await HandAgent.online(stand);
    const job = queueJob(stand);
    await agent.complete(job.identity, "succeeded");
    assert.equal((await agent.renew(job.requestId)).json.typeKey, "TaskAgentJobTokenExpiredException");
    const again = await agent.complete(job.identity, "failed");
    assert.equal(again.status, 403);
    assert.equal((await job.outcome).result, "succeeded");
  });

  it("is told to the agent as a cancellation, and ends when the agent has answered", async () => {
    await open();
    const agent = await HandAgent.online(stand);
    const job = queueJob(stand);
    const { messageId } = await agent.message();
    job.cancel(300_000);
    const cancellation = await agent.message(messageId);
    assert.equal(cancellation.messageType, "JobCancellation");
    assert.deepEqual(JSON.parse(cancellation.body), { jobId: job.identity.jobId, timeout: "00:05:00" });
    await agent.complete(job.identity, "canceled");
    assert.equal((await job.outcome).result, "canceled");
  });

  it("ends as canceled even when the agent never answers", async () => {
    await open();
    await HandAgent.online(stand);
    const job = queueJob(stand);
    job.cancel(1);
    assert.equal((await job.outcome).result, "canceled");
  });

  it("can be completed by its own agent and its own job token only", async () => {
    await open();
    const [agent, other] = [await HandAgent.online(stand), await HandAgent.online(stand)];
    const job = queueJob(stand);
    assert.equal((await other.complete(job.identity, "succeeded")).status, 403);
    assert.equal((await other.renew(job.requestId)).status, 403);
    other.token = stand.organization.issueJobToken({ run: queueJob(stand).run }).token;
    assert.equal((await other.complete(job.identity, "succeeded")).status, 403);
    agent.token = stand.organization.issueJobToken({ run: job.run, poolRole: null }).token;
    assert.equal((await agent.complete(job.identity, "succeeded")).status, 204);
  });
});
