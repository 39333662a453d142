import assert from "node:assert/strict";
import { BuildStatus } from "azure-devops-node-api/interfaces/BuildInterfaces.js";
import { type TaskAgent, TaskAgentStatus } from "azure-devops-node-api/interfaces/TaskAgentInterfaces.js";
import { keyPair } from "./fixture/agent-key.ts";
import { openStand, type Stand } from "./fixture/organization-fixture.ts";

describe("The unmodified azure-devops-node-api client", () => {
  let stand: Stand;

  beforeEach(async () => {
    stand = await openStand();
  });
  afterEach(() => stand.close());

  it("connects and learns who it is", async () => {
    const data = await stand.client().connect();
    assert.equal(data.deploymentType, "hosted");
    assert.equal(data.authenticatedUser?.providerDisplayName, "Pool Owner");
  });

  it("finds a pool by its name, whatever its case", async () => {
    const tasks = await stand.tasks();
    const [pool] = await tasks.getAgentPools("EPHEMERAL-agents");
    assert.equal(pool?.name, "ephemeral-agents");
    assert.deepEqual(await tasks.getAgentPools("no-such-pool"), []);
  });

  it("registers, reads, disables and deletes an agent", async () => {
    const tasks = await stand.tasks();
    const added = await tasks.addAgent(agentBody("one"), 1);
    assert.ok(added.id);
    assert.equal(added.status, TaskAgentStatus.Offline);
    assert.match(added.authorization?.authorizationUrl ?? "", /^https:\/\/localhost:\d+\/_apis\/oauth2\/token$/);

    await tasks.updateAgentUserCapabilities({ "EphemeralAgent.Run": "7" }, 1, added.id);
    const read = await tasks.getAgent(1, added.id, true, true, true);
    assert.deepEqual(read.userCapabilities, { "EphemeralAgent.Run": "7" });
    assert.equal(read.systemCapabilities?.["Agent.Version"], "5.278.0");
    assert.equal(read.authorization?.authorizationUrl, undefined);
    assert.equal(read.lastCompletedRequest, undefined);

    const disabled = await tasks.updateAgent({ id: added.id, enabled: false }, 1, added.id);
    assert.equal(disabled.enabled, false);

    await tasks.deleteAgent(1, added.id);
    assert.equal(await tasks.getAgent(1, added.id), null);
    assert.deepEqual(stand.organization.agents(), []);
  });

  it("lists agents by name", async () => {
    const tasks = await stand.tasks();
    for (const name of ["one", "two"]) await tasks.addAgent(agentBody(name), 1);
    const [two] = await tasks.getAgents(1, "TWO", true, true, true);
    assert.equal(two?.name, "two");
    assert.equal((await tasks.getAgents(1)).length, 2);
  });

  it("reads a build, its timeline, and cancels it", async () => {
    const run = stand.organization.createRun({
      project: "Shop",
      definition: { id: 3, name: "Deploy" },
      kind: "Build",
    });
    run.start();
    run.record({ id: "6f0f2d5e-0000-4000-8000-000000000001", type: "Job", name: "Deploy", state: "inProgress" });
    const builds = await stand.client().getBuildApi();
    const build = await builds.getBuild("Shop", run.id);
    assert.equal(build.status, BuildStatus.InProgress);
    assert.equal(build.definition?.id, 3);
    const timeline = await builds.getBuildTimeline("Shop", run.id);
    assert.deepEqual(
      timeline.records?.map(({ type, name }) => ({ type, name })),
      [{ type: "Job", name: "Deploy" }],
    );

    await builds.updateBuild({ status: BuildStatus.Cancelling }, "Shop", run.id);
    assert.ok(run.cancelRequested.aborted);
    assert.equal((await builds.getBuild("Shop", run.id)).status, BuildStatus.Cancelling);
  });

  it("refuses a wrong token with 401", async () => {
    await assert.rejects(stand.client("not-a-token").getTaskAgentApi(), { statusCode: 401 });
  });
});

/** The client's types say `number[]` for a key's parts; the wire has base64 (facts agent-protocol §1.2). */
function agentBody(name: string): TaskAgent {
  const { modulus, exponent } = keyPair().publicKey;
  const publicKey = { modulus, exponent } as unknown as { modulus: number[]; exponent: number[] };
  return {
    name,
    version: "5.278.0",
    oSDescription: "Linux",
    maxParallelism: 1,
    provisioningState: "Provisioned",
    authorization: { publicKey },
    systemCapabilities: { "Agent.Name": name, "Agent.Version": "5.278.0", "Agent.OS": "Linux" },
  };
}
