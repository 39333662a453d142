import assert from "node:assert/strict";
import { newRun, queueJob } from "../fixture/job-fixture.ts";
import { HandAgent } from "../fixture/manual-agent.ts";
import { openStand, type Stand } from "../fixture/organization-fixture.ts";

describe("What agents and other clients ask besides", () => {
  let stand: Stand;

  beforeEach(async () => {
    stand = await openStand();
  });
  afterEach(() => stand.close());

  it("a switch of the service, which is off", async () => {
    const agent = await HandAgent.online(stand);
    const path = "_apis/FeatureFlags/DistributedTask.Agent.Some";
    const { json } = await stand.call("GET", `${path}?checkFeatureExists=false`, { token: agent.token });
    assert.equal(json.effectiveState, "Off");
    assert.equal((await stand.call("GET", path, { token: agent.token })).status, 404);
  });

  it("to take what they tell of themselves", async () => {
    const agent = await HandAgent.online(stand);
    const path = "_apis/CustomerIntelligence/Events";
    const body = [{ Area: "PipelinesTasks", Feature: "AgentStart", Properties: {} }];
    assert.equal((await stand.call("POST", path, { body, token: agent.token })).status, 204);
    assert.equal((await stand.call("POST", path, { body: {}, token: agent.token })).status, 400);
  });

  it("to know how far an update is, each agent of itself", async () => {
    const agent = await HandAgent.online(stand);
    const told = await agent.call("PUT", `agents/${agent.id}/updates?currentState=downloading`);
    assert.equal(told.json.id, agent.id);
    const path = `_apis/distributedtask/pools/1/agents/${agent.id}/updates?currentState=x`;
    assert.equal((await stand.call("PUT", path)).status, 403);
  });

  it("the queues of a project, and what waits in one", async () => {
    const queues = "Shop/_apis/distributedtask/queues";
    const { json } = await stand.call("GET", queues);
    const [queue] = json.value as { id: number; name: string; pool: { id: number } }[];
    assert.deepEqual([queue?.name, queue?.pool.id], ["ephemeral-agents", 1]);
    const names = async (name: string) => (await stand.call("GET", `${queues}?queueName=${name}`)).json.count;
    assert.deepEqual([await names("EPHEMERAL-agents"), await names("other"), await names("")], [1, 0, 1]);
    assert.equal((await stand.call("GET", `${queues}/${queue?.id}`)).json.name, "ephemeral-agents");
    assert.equal((await stand.call("GET", `${queues}/1`)).json.typeKey, "TaskAgentQueueNotFoundException");
    await HandAgent.register(stand);
    const job = queueJob(stand);
    const waiting = (await stand.call("GET", `${queues}/${queue?.id}/agentrequests?$top=5`)).json;
    assert.deepEqual(
      (waiting.value as { requestId: number }[]).map(({ requestId }) => requestId),
      [job.requestId],
    );
  });

  it("every pool, by an empty name", async () => {
    assert.equal((await stand.call("GET", "_apis/distributedtask/pools?poolName=")).json.count, 1);
  });

  it("another timeline of the plan, with records of its own", async () => {
    const run = newRun(stand);
    const token = stand.organization.issueJobToken({ run }).token;
    const plan = `${run.project.id}/_apis/distributedtask/hubs/Build/plans/${run.planId}`;
    const id = "6f0f2d5e-0000-4000-8000-000000000009";
    assert.equal((await stand.call("POST", `${plan}/timelines`, { body: { id }, token })).json.id, id);
    const record = { id: "6f0f2d5e-0000-4000-8000-000000000001", type: "Task", name: "Detail" };
    await stand.call("PATCH", `${plan}/timelines/${id}/records`, { body: { value: [record] }, token });
    assert.deepEqual(run.timeline.records(), []);
    const { json } = await stand.call("GET", `${plan}/timelines/${id}?includeRecords=true`, { token });
    assert.equal((json.records as { name: string }[])[0]?.name, "Detail");
    assert.equal((await stand.call("GET", `${plan}/timelines`, { token })).json.count, 2);
  });

  it("to keep the files that a task attaches", async () => {
    const run = newRun(stand);
    const token = stand.organization.issueJobToken({ run }).token;
    const plan = `${run.project.id}/_apis/distributedtask/hubs/Build/plans/${run.planId}`;
    const type = "Distributedtask.Core.Summary";
    const record = `${plan}/timelines/${run.timelineId}/records/6f0f2d5e-0000-4000-8000-000000000001`;
    const path = `${record}/attachments/${type}/summary.md`;
    assert.equal((await stand.call("PUT", path, { body: { text: "done" }, token })).status, 200);
    const headers = { accept: "application/octet-stream;api-version=7.1" };
    assert.equal((await stand.call("GET", path, { token, headers })).text, '{"text":"done"}');
    assert.equal((await stand.call("GET", `${plan}/attachments/${type}`, { token })).json.count, 1);
    assert.equal((await stand.call("GET", `${record}/attachments/other`, { token })).json.count, 0);
  });

  it("a log's path when they have written it", async () => {
    const run = newRun(stand);
    const token = stand.organization.issueJobToken({ run }).token;
    const logs = `${run.project.id}/_apis/distributedtask/hubs/Build/plans/${run.planId}/logs`;
    const { id } = (await stand.call("POST", logs, { body: { path: "logs\\1" }, token })).json;
    const { json } = await stand.call("POST", `${logs}/${id}`, { body: "one", token });
    assert.equal(json.path, "logs\\1");
    assert.match(String(json.location), new RegExp(`/logs/${id}$`));
  });
});
