import assert from "node:assert/strict";
import type { OrganizationOptions } from "../../../simulator/devops/options.ts";
import { agentsPath, HandAgent } from "./hand-agent.ts";
import { queueJob } from "./jobs.ts";
import { openStand, type Stand } from "./stand.ts";

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
    assert.ok(assigned.lockedUntil);
    assert.deepEqual(assigned.owner, { id: job.run.id, name: job.run.name });
    assert.equal(assigned.scopeId, job.run.project.id);
    assert.equal(assigned.planId, job.run.planId);
    assert.equal((assigned.reservedAgent as { id: number }).id, agent.id);
    assert.equal(assigned.matchedAgents, undefined);

    const renewed = await agent.renew(job.requestId);
    assert.equal(renewed.status, 200);
    assert.ok(renewed.json.receiveTime);
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
    const outputs = { "create.name": { value: "x" }, "create.key": { value: "y", isSecret: true } };
    await agent.complete(job.identity, "succeededWithIssues", { outputs });
    const outcome = await job.outcome;
    assert.equal(outcome.result, "succeededWithIssues");
    assert.deepEqual(outcome.outputs, outputs);
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
