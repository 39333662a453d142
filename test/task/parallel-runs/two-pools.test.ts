// Agents of several pools may have their container groups in one resource group: each pool's clean-up leaves the others'
// alone, even within one run.
import assert from "node:assert/strict";
import type { Run } from "../../../simulator/devops/runs/runs.ts";
import { runPostJob } from "../harness/run-task.ts";
import { type Scene, story } from "../scenario/scenario.ts";

const other = "other-agents";
const pools = { organization: { pools: ["ephemeral-agents", other] } };

/** A run that has an agent in each pool. */
async function agentInEach(scene: Scene) {
  const { simulator } = scene;
  const here = scene.step({ action: "create" });
  const there = scene.step({ action: "create", agentPool: other }, { run: here.run });
  for (const step of [here, there]) {
    const { result, log } = await step.execute();
    assert.equal(result, "succeeded", log);
    step.jobEnded("succeeded");
  }
  const inOther = simulator.organization.agents().find(({ poolName }) => poolName === other);
  assert.ok(inOther);
  return { run: here.run, inOther: inOther.name };
}

/** The jobs of the run's other steps are over by then. */
async function remove(scene: Scene, run: Run, agentPool?: string): Promise<void> {
  const step = scene.step({ action: "remove", ...(agentPool === undefined ? {} : { agentPool }) }, { run });
  const removed = await step.execute();
  assert.equal(removed.result, "succeeded", removed.log);
  step.jobEnded("succeeded");
}

const onlyOtherIsLeft = ({ simulator }: Scene, name: string) =>
  assert.deepEqual(simulator.leftBehind(), { agents: [name], containerGroups: [name] });

describe("Two pools whose container groups share a resource group", () => {
  story(
    "are each cleaned up by the `remove` for that pool",
    async (scene) => {
      const { run, inOther } = await agentInEach(scene);
      await remove(scene, run);
      onlyOtherIsLeft(scene, inOther);
      await remove(scene, run, other);
    },
    pools,
  );

  story(
    "are kept apart by the post-job step of a `remove` that was killed while it looked",
    async (scene) => {
      const { run, inOther } = await agentInEach(scene);
      const { faults, requests } = scene.simulator;
      scene.expectRefusal(/^0 /);
      const path = /\/containerGroups\?/i;
      faults.add({ site: "arm", method: "GET", path, times: 1, effect: { hang: true } });
      const looking = requests.seen(({ site, url }) => site === "arm" && path.test(url), requests.entries.length);
      const step = scene.step({ action: "remove" }, { run });
      const killed = await step.execute({ signals: [{ signal: "SIGKILL", when: looking }] });
      assert.equal(killed.exitCode, 137);
      await runPostJob(killed);
      step.jobEnded("failed");
      onlyOtherIsLeft(scene, inOther);
      await remove(scene, run, other);
    },
    pools,
  );

  story(
    "are each swept by themselves",
    async (scene) => {
      const { run, inOther } = await agentInEach(scene);
      run.complete("failed");
      await scene.step({ action: "sweep" }).execute();
      onlyOtherIsLeft(scene, inOther);
      await scene.step({ action: "sweep", agentPool: other }).execute();
    },
    pools,
  );
});
