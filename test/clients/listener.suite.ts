// Jobs that the built task makes an agent for, on a listener that shares no code with the simulator: it knows the
// agent's three files and the protocol, and waits as long as the real one does.
import assert from "node:assert/strict";
import type { EngineChoice } from "../../simulator/containers/choose-engine.ts";
import type { ContainerGroup } from "../../simulator/containers/container-group.ts";
import type { RunReport } from "../../simulator/pipeline-runner/run/run-results.ts";
import { type Simulator, startSimulator } from "../../simulator/start-simulator.ts";
import { type Pipeline, pipelineIn } from "../task/scenario/pipeline-run.ts";
import { deployJob, gate, pipeline, taskJob } from "../task/scenario/pipelines.ts";
import { creation, deploymentOn, removal } from "./created-agent.ts";
import { ForeignClient } from "./foreign-client.ts";
import { outsideAgent } from "./outside-agent.ts";

const engines: readonly EngineChoice[] = ["process", "podman"];
/** Nothing is waited for that a container does not need itself. */
const timings = { pendingMs: 0, pullMs: 0, startMs: 0, restartMs: 50, deleteMs: 0 };

/** Everything that the jobs of a run said, to see why it did not go as it should. */
const logsOf = ({ jobs }: RunReport): string =>
  Object.entries(jobs)
    .map(([name, { log }]) => `── ${name}\n${log.join("\n")}`)
    .join("\n");

/** Somebody else unregisters the one agent, with a client of another language. */
async function deleteRecord({ ready }: Simulator): Promise<void> {
  const client = await new ForeignClient("Go", ready.caFile).introduce();
  try {
    await client.call("devops.signIn", { url: ready.organizationUrl, token: ready.pat });
    const [pool] = await client.call<{ id: number }[]>("devops.pools", { name: ready.pool });
    const at = { poolId: pool?.id ?? 0 };
    const [agent] = await client.call<{ id: number }[]>("devops.agents", at);
    await client.call("devops.deleteAgent", { ...at, agentId: agent?.id ?? 0 });
  } finally {
    await client.close();
  }
}

for (const engine of engines) {
  describe(`A listener from outside, in a container of the ${engine} engine,`, () => {
    let simulator: Simulator;
    let run: Pipeline;
    beforeEach(async () => {
      simulator = await startSimulator({ engine, organization: outsideAgent, azure: { timings } });
    });
    afterEach(async function () {
      if (this.currentTest?.state === "failed") {
        for (const { group } of simulator.arm.containerGroups()) console.log(group.deployment.log.read());
      }
      // Nothing of a story that went wrong goes on.
      run.cancel();
      await simulator.stop();
    });

    const start = (...jobs: readonly Readonly<Record<string, unknown>>[]): void => {
      run = pipelineIn(simulator, process.execPath, pipeline(...jobs));
    };

    const onlyGroup = (): ContainerGroup => {
      const [only, another] = simulator.arm.containerGroups();
      assert.ok(only && !another, "there is one container group");
      return only.group;
    };

    const assertNothingLeft = (report: RunReport) =>
      assert.deepEqual(simulator.leftBehind(), { agents: [], containerGroups: [] }, logsOf(report));

    it("serves the job beside a step, by encrypted messages, as the plan's version wants it", async () => {
      simulator.organization.addPlaceholder(simulator.ready.pool);
      const script = `echo served by $AGENT_NAME; echo "##vso[task.setvariable variable=told;isOutput=true]by the job"`;
      const after = {
        job: "after",
        dependsOn: "deploy",
        pool: { vmImage: "ubuntu-latest" },
        variables: { told: "$[ dependencies.deploy.outputs['said.told'] ]" },
        steps: [{ checkout: "none" }, { bash: "echo told $(told)" }],
      };
      const deploy = deployJob(simulator, script, { steps: [{ checkout: "none" }, { bash: script, name: "said" }] });
      start(taskJob(simulator, "agent", {}), deploy, after);
      await run.state("deploy", "running");
      const group = onlyGroup();
      const report = await run.done;
      assert.equal(report.result, "succeeded", logsOf(report));
      const log = group.deployment.log.read();
      console.log(log.replace(/^/gm, "        "));
      assert.match(log, /Signed in: 401 with a Bearer challenge/);
      assert.match(log, /Area distributedtask found by connection data at https:/);
      assert.match(log, /key of (128|192|256) bits, encrypted by RSA-OAEP-SHA1: true/);
      assert.match(log, /First poll: without lastMessageId/);
      assert.match(log, /PipelineAgentJobRequest: decrypted by AES-CBC/);
      assert.match(log, /plan\.version (1[2-9]|[2-9]\d)\b/);
      assert.match(log, /Job request \d+ renewed until \d{4}-/);
      assert.match(log, /Message \d+ deleted/);
      assert.match(log, /Log \d+ uploaded to \S+/);
      assert.match(log, /succeeded, told by the plan event/);
      assert.match(report.jobs.deploy?.log.join("\n") ?? "", /^served by eph-\S+$/m);
      assert.match(report.jobs.after?.log.join("\n") ?? "", /^told by the job$/m);
      assertNothingLeft(report);
    });

    it("ends its job when the run is canceled", async () => {
      const deploy = deploymentOn(simulator, gate().script);
      start(creation(simulator), deploy, removal(simulator, ["create", "deploy"]));
      await run.line("deploy", /^started$/);
      const group = onlyGroup();
      run.cancel();
      const report = await run.done;
      assert.equal(report.result, "canceled", logsOf(report));
      assert.equal(report.jobs.deploy?.result, "canceled");
      assert.match(group.deployment.log.read(), /is being canceled/);
      assertNothingLeft(report);
    });

    it("ends by itself once its record is gone, and what is left of it is removed", async () => {
      const { script, open } = gate();
      const hold = { job: "hold", dependsOn: "create", pool: { vmImage: "ubuntu-latest" }, steps: [{ bash: script }] };
      start(creation(simulator), hold, removal(simulator, ["create", "hold"]));
      await run.line("hold", /^started$/);
      const group = onlyGroup();
      await deleteRecord(simulator);
      await group.when(({ state }) => state === "Succeeded");
      assert.match(group.deployment.log.read(), /TaskAgentNotFoundException/);
      assert.match(group.deployment.log.read(), /The listener ended with exit code 2\./);
      open();
      const report = await run.done;
      assert.equal(report.jobs.remove?.result, "succeeded", logsOf(report));
      assertNothingLeft(report);
    });
  });
}
