import assert from "node:assert/strict";
import { keyPair } from "./fixture/agent-key.ts";
import { newRun, queueJob } from "./fixture/job-fixture.ts";
import { agentBody, agentsPath, HandAgent } from "./fixture/manual-agent.ts";
import { openStand, type Stand } from "./fixture/organization-fixture.ts";

/** As a client of another language may write it: `{ "Name": … }`. Keys of dictionaries are data and stay. */
function pascal(value: object, dictionaries: readonly string[] = []): object {
  const entries = Object.entries(value).map(([name, each]) => {
    const inner = typeof each === "object" && each !== null && !Array.isArray(each) && !dictionaries.includes(name);
    return [name.charAt(0).toUpperCase() + name.slice(1), inner ? pascal(each, dictionaries) : each];
  });
  return Object.fromEntries(entries);
}

describe("Names that a client writes in another case", () => {
  let stand: Stand;

  beforeEach(async () => {
    stand = await openStand();
  });
  afterEach(() => stand.close());

  it("register an agent", async () => {
    const key = keyPair();
    const body = pascal(agentBody(key, { name: "Big", userCapabilities: {} }), ["systemCapabilities"]);
    const { status, json } = await stand.call("POST", agentsPath, { body });
    assert.equal(status, 200);
    assert.equal(json.name, "Big");
    assert.deepEqual((json.authorization as { publicKey: object }).publicKey, key.publicKey);
    assert.ok((json.systemCapabilities as Record<string, string>)["Agent.Name"]);
  });

  it("end a job", async () => {
    const agent = await HandAgent.online(stand);
    const { identity, outcome } = queueJob(stand);
    const path = `${identity.scopeId}/_apis/distributedtask/hubs/Build/plans/${identity.planId}/events`;
    const { jobId, requestId } = identity;
    const body = pascal({ name: "JobCompleted", jobId, requestId, result: "SucceededWithIssues" });
    assert.equal((await stand.call("POST", path, { body, token: agent.token })).status, 204);
    assert.equal((await outcome).result, "succeededWithIssues");
  });

  it("report a record, its enums as names in any case or as numbers", async () => {
    const run = newRun(stand);
    const path = `${run.project.id}/_apis/distributedtask/hubs/build/plans/${run.planId}/timelines/${run.timelineId}/records`;
    const id = "6f0f2d5e-0000-4000-8000-000000000001";
    const value = [pascal({ id, type: "task", name: "Bash", state: "COMPLETED", result: 2 })];
    assert.equal((await stand.call("PATCH", path, { body: { Value: value, Count: 1 } })).status, 200);
    const { type, state, result } = run.timeline.find(id) ?? {};
    assert.deepEqual({ type, state, result }, { type: "Task", state: "completed", result: "failed" });
  });

  it("cancel a build", async () => {
    const run = newRun(stand);
    run.start();
    await stand.call("PATCH", `Shop/_apis/build/builds/${run.id}`, { body: { Status: "Cancelling" } });
    assert.ok(run.cancelRequested.aborted);
  });
});
