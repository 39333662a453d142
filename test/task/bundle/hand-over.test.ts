// `create` hands its agent over to the jobs that follow: `remove` finds it without being told, and a sweep finds what
// nobody removed.
import assert from "node:assert/strict";
import type { Run } from "../../../simulator/devops/runs/runs.ts";
import { type FinishedTask, runPostJob } from "../harness/run-task.ts";
import { assertSilent } from "../scenario/expected-messages.ts";
import { gate } from "../scenario/pipelines.ts";
import { type Scene, scenario, story } from "../scenario/scenario.ts";
import type { Step } from "../scenario/step.ts";
import { creation, registration, unregistration } from "../scenario/task-requests.ts";
import { line } from "../scenario/wait-for-lines.ts";

const demand = (run: Run) => [`EphemeralAgent.Run -equals ${run.id}`];

/** A `create` whose machine dies: neither its process nor its post-job step comes to anything any more. */
async function lostCreate(scene: Scene, when: (step: Step) => Promise<unknown>): Promise<Run> {
  scene.expectRefusal(/^0 /);
  const step = scene.step({ action: "create" });
  const main = await step.execute({ signals: [{ signal: "SIGKILL", when: when(step) }] });
  assert.equal(main.exitCode, 137);
  // Some minutes later the service gives the job up.
  for (const { id, state } of step.run.timeline.records())
    if (state === "inProgress") step.run.record({ id, state: "completed", result: "failed" });
  return step.run;
}

const registered = (scene: Scene) => () => scene.simulator.requests.seen(({ url }) => url.includes("usercapabilities"));
/** Its agent is not online yet, and never will be, so that `create` cannot have ended by then. */
const waiting = (scene: Scene) => {
  scene.simulator.arm.inject("does-nothing", { times: 1 });
  return (step: Step) => line(step.lines, /container running$/);
};

async function remove(scene: Scene, run: Run): Promise<FinishedTask> {
  const main = await scene.step({ action: "remove" }, { run }).execute();
  assert.equal(main.result, "succeeded", main.log);
  assert.deepEqual(main.issues, []);
  assertSilent(await runPostJob(main));
  return main;
}

describe("What `create` made", () => {
  scenario("is handed over: its post-job step is silent and leaves it alone", async (scene) => {
    const { execute, run, queueJob } = scene.step({ action: "create", agentCount: "2" });
    const created = await execute();
    assert.equal(created.result, "succeeded", created.log);
    assertSilent(await runPostJob(created));
    const names = created.outputs.agentName?.value.split(",").sort();
    assert.deepEqual([...scene.simulator.leftBehind().agents].sort(), names);
    const jobs = [queueJob("true", demand(run)), queueJob("true", demand(run))];
    const outcomes = await Promise.all(jobs.map(({ outcome }) => outcome));
    assert.deepEqual(outcomes.map(({ agentName }) => agentName).sort(), names);
    await remove(scene, run);
  });

  story("is not given to another run that only asks for `EphemeralAgent`", async (scene) => {
    const { execute, run, queueJob } = scene.step({ action: "create" });
    const { outputs } = await execute();
    const stranger = scene.step({ action: "remove" }).queueJob("true", ["EphemeralAgent"]);
    assert.equal((await stranger.outcome).result, "failed", "no agent has that capability");
    const own = await queueJob("true", demand(run)).outcome;
    assert.equal(own.agentName, outputs.agentName?.value);
    await remove(scene, run);
  });

  story("waits in `remove` for the job that is running on it", async (scene) => {
    const { execute, run, queueJob, jobLines } = scene.step({ action: "create" });
    await execute();
    const { script, open } = gate();
    const job = queueJob(script, demand(run));
    await line(jobLines, /^started$/);
    const step = scene.step({ action: "remove" }, { run });
    const removed = step.execute();
    await line(step.lines, /running job 'deploy' of /);
    open();
    assert.equal((await job.outcome).result, "succeeded");
    assert.equal((await removed).result, "succeeded");
  });

  story("is not taken for a leftover by a `remove` beside it, while only its record is there", async (scene) => {
    scene.simulator.faults.add({
      site: "arm",
      method: "PUT",
      path: /containerGroups/i,
      times: 1,
      effect: { delayMs: 5_000 },
    });
    const creation = scene.step({ action: "create" });
    const created = creation.execute();
    await registered(scene)();
    const step = scene.step({ action: "remove" }, { run: creation.run });
    const removed = step.execute();
    await line(step.lines, /the job that creates it is still running; waiting$/);
    assert.equal((await created).result, "succeeded", (await created).log);
    const job = creation.queueJob("true", demand(creation.run));
    assert.equal((await job.outcome).result, "succeeded");
    assert.equal((await removed).result, "succeeded", (await removed).log);
  });

  scenario("is removed once: a second `remove` finds nothing and is no failure", async (scene) => {
    const { execute, run, queueJob } = scene.step({ action: "create" });
    await execute();
    await queueJob("true", demand(run)).outcome;
    await remove(scene, run);
    const again = await remove(scene, run);
    assert.match(
      again.log,
      /^There is nothing of run \d+ to remove in pool 'ephemeral-agents' and resource group '\S+'\.$/m,
    );
    assert.equal(scene.simulator.requests.entries.filter(unregistration).length, 1);
  });

  scenario("is removed by `remove` when its machine died between record and group", async (scene) => {
    // Its marks arrive although nobody waits for the answer any more.
    scene.simulator.faults.add({ path: "usercapabilities", times: 1, effect: { delayMs: 60_000 } });
    const run = await lostCreate(scene, registered(scene));
    await scene.simulator.requests.answered(({ url }) => url.includes("usercapabilities"));
    assert.equal(scene.simulator.requests.entries.filter(creation).length, 0);
    const removed = await remove(scene, run);
    assert.match(removed.log, /agent unregistered$/m);
  });

  scenario("is removed by `remove` when its machine died with both there", async (scene) => {
    const run = await lostCreate(scene, waiting(scene));
    await remove(scene, run);
  });

  story("is finished by the post-job step when `remove` itself is killed", async (scene) => {
    const { execute, run, queueJob } = scene.step({ action: "create" });
    await execute();
    await queueJob("true", demand(run)).outcome;
    const step = scene.step({ action: "remove" }, { run });
    scene.expectRefusal(/^0 /);
    const killed = await step.execute({
      signals: [{ signal: "SIGKILL", when: line(step.lines, /^Removing once their job is done/) }],
    });
    assert.equal(killed.exitCode, 137);
    const post = await runPostJob(killed);
    assert.deepEqual(post.issues, []);
    assert.match(post.log, /^The step ended before it could clean up\. Removing eph-\S+\.$/m);
  });
});

describe("A leftover of a run whose machine died", () => {
  for (const action of ["run", "create"]) {
    scenario(`is removed by the next run's \`${action}\``, async (scene) => {
      const dead = await lostCreate(scene, waiting(scene));
      dead.complete("failed");
      const [leftover] = scene.simulator.leftBehind().agents;
      const next = scene.step({ action });
      const ended = next.execute();
      await line(next.lines, /container group requested/);
      const { outcome } = next.queueJob("true", demand(next.run));
      assert.equal((await outcome).result, "succeeded");
      const main = await ended;
      assert.equal(main.result, "succeeded", main.log);
      assert.match(main.log, new RegExp(`leftover ${leftover} .*: removed, run ${dead.id} has finished$`, "m"));
      if (action === "create") await remove(scene, next.run);
    });
  }

  story("is left alone while its run goes on, then swept, and told in a table", async (scene) => {
    const dead = await lostCreate(scene, waiting(scene));
    const [leftover] = scene.simulator.leftBehind().agents;
    const during = await scene.step({ action: "sweep" }).execute();
    assert.equal(during.result, "succeeded", during.log);
    assert.match(
      during.log,
      new RegExp(`^${leftover} +record and container group +kept +run ${dead.id} is still running$`, "m"),
    );
    dead.complete("failed");
    const dry = await scene.step({ action: "sweep", dryRun: "true" }).execute();
    assert.match(dry.log, new RegExp(`^${leftover} .*would be removed +run ${dead.id} has finished$`, "m"));
    assert.equal(scene.simulator.leftBehind().agents.length, 1);
    const after = await scene.step({ action: "sweep" }).execute();
    assert.match(after.log, new RegExp(`^${leftover} .*removed +run ${dead.id} has finished$`, "m"));
    assert.equal(scene.simulator.requests.entries.filter(registration).length, 1);
  });
});
