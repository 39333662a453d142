import assert from "node:assert/strict";
import { type Simulator, startSimulator } from "../../../simulator/start-simulator.ts";
import { stepIn } from "./in-simulator.ts";
import { availableNodes, nodeBinary } from "./node-versions.ts";
import { runPostJob, runTask } from "./run-task.ts";

describe("The built task, as a step of a simulated run", () => {
  let simulator: Simulator;
  beforeEach(async () => {
    simulator = await startSimulator();
  });
  afterEach(() => simulator.stop());

  for (const major of availableNodes)
    it(`creates an agent that serves the run's job, and removes it, on node ${major}`, async () => {
      const node = await nodeBinary(major);
      const { run, start, queueJob } = stepIn(simulator, { action: "create" }, { node });
      const created = await runTask(start);
      assert.equal(created.result, "succeeded", created.log);
      assert.equal((await runPostJob(created)).result, "succeeded");
      const agentName = created.outputs.agentName?.value ?? "";
      assert.deepEqual(simulator.leftBehind(), { agents: [agentName], containerGroups: [agentName] });

      const job = queueJob("echo on $AGENT_NAME", [`EphemeralAgent.Run -equals ${run.id}`]);
      assert.deepEqual(await job.outcome, { result: "succeeded", outputs: {}, agentName });

      const removed = await runTask(stepIn(simulator, { action: "remove" }, { node, run }).start);
      assert.equal(removed.result, "succeeded", removed.log);
      assert.deepEqual(simulator.leftBehind(), { agents: [], containerGroups: [] });
    });
});
