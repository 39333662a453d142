// The last of three nets: what neither the seconds after a signal nor the post-job step removed, the next sweep does.
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import type { Run } from "../../../simulator/devops/runs/runs.ts";
import type { FinishedTask } from "../harness/run-task.ts";
import { askAzure, deleteGroup } from "../scenario/manual-changes.ts";
import { type Scene, story } from "../scenario/scenario.ts";
import { marking } from "../scenario/task-requests.ts";
import { every, idle, killEach } from "./killed-steps.ts";

const nothing = { agents: [], containerGroups: [] };
const oneDay = 24 * 60 * 60_000;
const clockAhead = fileURLToPath(new URL("clock-ahead.cjs", import.meta.url));

/** What sets the clock of a step's process. */
const machineAhead = (ms: number) => ({ NODE_OPTIONS: `--require=${clockAhead}`, CLOCK_AHEAD_MS: String(ms) });

async function sweep(scene: Scene, environment: Record<string, string> = {}): Promise<FinishedTask> {
  const step = scene.step({ action: "sweep" });
  const { simulator } = scene;
  const start = { environment: { NODE_EXTRA_CA_CERTS: simulator.caFile, ...environment } };
  const swept = await scene.step({ action: "sweep" }, { run: step.run, ...start }).execute();
  assert.notEqual(swept.result, "failed", swept.log);
  return swept;
}

describe("A machine whose clock is wrong", () => {
  for (const hours of [8, -8]) {
    story(
      `${hours} hours ahead takes no agent that another run waits for, and makes one that nobody takes`,
      async (scene) => {
        idle(scene);
        const { caFile } = scene.simulator;
        const [there, here] = [
          scene.step({ action: "create", timeoutAgentOnline: "0", lifetimeMinutes: "30" }),
          scene.step(
            { action: "create", timeoutAgentOnline: "0", lifetimeMinutes: "30" },
            { environment: { NODE_EXTRA_CA_CERTS: caFile, ...machineAhead(hours * 3_600_000) } },
          ),
        ];
        for (const step of [there, here]) assert.equal((await step.execute()).result, "succeeded");
        await sweep(scene, machineAhead(hours * 3_600_000));
        await sweep(scene);
        assert.equal(scene.simulator.leftBehind().agents.length, 2);
        for (const { run } of [there, here]) run.complete("succeeded");
        await sweep(scene);
        assert.deepEqual(scene.simulator.leftBehind(), nothing);
      },
    );
  }
});

describe("The next sweep, without signals and post-job step", () => {
  for (const offset of [0, 1]) {
    story(`removes what a lost step made once its run is over (${offset + 1} of 2)`, async (scene) => {
      idle(scene);
      const lost = await killEach(scene, every(4, offset));
      await sweep(scene);
      assert.notDeepEqual(scene.simulator.leftBehind(), nothing, "their runs go on");
      for (const { run } of lost) run.complete("failed");
      await sweep(scene);
      assert.deepEqual(scene.simulator.leftBehind(), nothing);
    });
  }

  story("removes what a lost step made once it has expired, though nobody knows of its run", async (scene) => {
    idle(scene);
    const { simulator } = scene;
    scene.expectRefusal(/^403 devops GET .*\/builds\/\d+$/i);
    const lost = await killEach(scene, every(4, 2));
    simulator.faults.add({ site: "devops", path: /\/_apis\/build\/builds\/\d+(\?|$)/i, effect: { status: 403 } });
    for (const { run } of lost) run.complete("failed");
    const early = await sweep(scene);
    assert.match(early.log, /^eph-\S+ .* kept +expires in \d+ min$/m);
    assert.deepEqual([early.result, early.issues.map(({ code }) => code)], ["succeededWithIssues", ["EA804"]]);
    assert.doesNotMatch(early.log, /^eph-\S+ .* removed /m);
    const off = await sweep(scene, machineAhead(oneDay));
    assert.doesNotMatch(off.log, /^eph-\S+ .* removed /m, "the machine's own clock must decide nothing");
    simulator.faults.dateAheadMs = oneDay;
    const late = await sweep(scene, machineAhead(-oneDay));
    assert.match(late.log, /^eph-\S+ .* removed +expired \d+ min ago$/m);
    assert.deepEqual(simulator.leftBehind(), nothing);
  });

  story(
    "removes the record of a container that registered itself and is gone, though no task ever marked it",
    async (scene) => {
      const { simulator } = scene;
      const { ready, requests, arm, faults, organization } = simulator;
      scene.expectRefusal(/^(0|404) /, /^501 devops GET \/contoso\/$/);
      const inputs = { action: "create", imageName: ready.bakedImage, agentRegistration: "container" };
      const step = scene.step({ ...inputs, azureDevOpsToken: ready.pat });
      faults.add({ site: "devops", method: "PUT", path: /\/usercapabilities$/i, effect: { hang: true } });
      await step.execute({ signals: [{ signal: "SIGKILL", when: requests.seen(marking) }] });
      const [group] = arm.containerGroups();
      assert.ok(group);
      await deleteGroup(simulator, group.id);
      while ((await askAzure(simulator, group.id)).status !== 404);
      const [record] = organization.agents();
      assert.deepEqual([record?.name, record?.userCapabilities], [group.name, {}]);
      step.run.complete("failed");
      await sweep(scene);
      assert.deepEqual(simulator.leftBehind(), nothing);
    },
  );

  story("is made by the next attempt of the same stage, too", async (scene) => {
    idle(scene);
    const [lost] = await killEach(scene, [24]);
    const before = scene.simulator.leftBehind().agents[0] ?? "";
    const variables = { "System.StageAttempt": "2" };
    const again = scene.step({ action: "create", timeoutAgentOnline: "0" }, { run: lost?.run as Run, variables });
    const made = await again.execute();
    assert.match(made.log, new RegExp(`leftover ${before} .*: removed, made by attempt 1 of this stage$`, "m"));
    assert.deepEqual(scene.simulator.leftBehind().agents, [made.outputs.agentName?.value]);
    again.run.complete("succeeded");
    await sweep(scene);
  });
});
