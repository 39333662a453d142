// What the foreign clients see of a run of the built task: its agent, its container group, its job.
import assert from "node:assert/strict";
import { type Simulator, startSimulator } from "../../simulator/start-simulator.ts";
import { type Pipeline, pipelineIn } from "../task/scenario/pipeline-run.ts";
import { gate, pipeline } from "../task/scenario/pipelines.ts";
import { creation, deploymentOn, removal } from "./created-agent.ts";
import { ForeignClient, languages } from "./foreign-client.ts";

interface JobRequest {
  readonly requestId: number;
  readonly result?: string;
  readonly owner?: { readonly id: number };
}

interface Agent {
  readonly id: number;
  readonly name: string;
  readonly status: string;
  readonly enabled: boolean;
  readonly userCapabilities?: Readonly<Record<string, string>>;
  readonly assignedRequest?: JobRequest;
}

interface Group {
  readonly name: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly properties: {
    readonly instanceView?: { readonly state: string };
    readonly volumes?: readonly { readonly secret?: object }[];
    readonly containers: readonly { readonly name: string }[];
  };
}

interface TimelineRecord {
  readonly type: string;
  readonly name: string;
  readonly state: string;
  readonly result?: string;
  readonly workerName?: string;
}

interface Build {
  readonly id: number;
  readonly status: string;
  readonly result?: string;
}

for (const language of languages) {
  describe(`A run of the built task, seen by the ${language} clients,`, () => {
    let simulator: Simulator;
    let client: ForeignClient;
    let run: Pipeline | undefined;
    before(async () => {
      simulator = await startSimulator();
      const { ready } = simulator;
      client = await new ForeignClient(language, ready.caFile).introduce();
      const { arm, authority, tenantId, subscriptionId, clientId, clientSecret } = ready;
      await client.call("devops.signIn", { url: ready.organizationUrl, token: ready.pat });
      await client.call("containers.signIn", { arm, authority, tenantId, subscriptionId, clientId, clientSecret });
    });
    after(async () => {
      run?.cancel();
      await client.close();
      await simulator.stop();
    });

    it("is there while it runs, refuses to lose its agent, and leaves nothing but its build", async () => {
      const { pool, project, resourceGroup } = simulator.ready;
      const { script, open } = gate();
      run = pipelineIn(
        simulator,
        process.execPath,
        pipeline(creation(simulator), deploymentOn(simulator, script), removal(simulator, ["create", "deploy"])),
      );
      await run.line("deploy", /^started$/);

      const [found] = await client.call<{ id: number }[]>("devops.pools", { name: pool });
      const poolId = found?.id ?? 0;
      const [listed] = await client.call<Agent[]>("devops.agents", { poolId });
      const at = { poolId, agentId: listed?.id ?? 0 };
      const agent = await client.call<Agent>("devops.agent", at);
      assert.match(agent.name, /^eph-/);
      assert.equal(agent.status, "online");
      assert.equal(agent.userCapabilities?.["EphemeralAgent.Run"], String(run.id));
      assert.equal(agent.assignedRequest?.owner?.id, run.id);
      const busy = await client.refused("devops.deleteAgent", at);
      assert.equal(busy.code, "TaskAgentJobStillRunningException");
      const [request] = await client.call<JobRequest[]>("devops.jobRequests", at);
      assert.equal(request?.requestId, agent.assignedRequest?.requestId);

      const here = { resourceGroup, name: agent.name };
      const group = await client.call<Group>("containers.get", here);
      assert.equal(group.properties.instanceView?.state, "Running");
      const secrets = group.properties.volumes?.flatMap(({ secret }) => (secret ? [secret] : [])) ?? [];
      assert.ok(
        secrets.every((secret) => Object.keys(secret).length === 0),
        "what is secret is not shown",
      );
      const container = group.properties.containers[0]?.name ?? "";
      const { content } = await client.call<{ content: string }>("containers.logs", { ...here, container });
      assert.match(content, /Starting the listener for one job\./);

      const builds = await client.call<Build[]>("devops.builds", { project });
      assert.deepEqual(
        builds.map(({ id, status }) => ({ id, status })),
        [{ id: run.id, status: "inProgress" }],
      );
      const records = await client.call<TimelineRecord[]>("devops.timeline", { project, buildId: run.id });
      const job = records.find(({ type, name }) => type === "Job" && name === "deploy");
      assert.equal(job?.state, "inProgress");
      assert.equal(job?.workerName, agent.name);

      open();
      assert.equal((await run.done).result, "succeeded");
      assert.equal((await client.refused("devops.agent", at)).code, "TaskAgentNotFoundException");
      assert.equal((await client.refused("containers.get", here)).status, 404);
      const build = await client.call<Build>("devops.build", { project, buildId: run.id });
      assert.equal(build.result, "succeeded");
      assert.deepEqual(simulator.leftBehind(), { agents: [], containerGroups: [] });
    });
  });
}
