// What goes wrong with the container group: each failure is named with what Azure said, and nothing stays.
import assert from "node:assert/strict";
import { ask } from "../../simulator/http/plain-request.ts";
import { type FinishedTask, runPostJob } from "../harness/run-task.ts";
import { assertFailure, assertSilent } from "../scenario/expected-messages.ts";
import { deleteGroup } from "../scenario/manual-changes.ts";
import { gate } from "../scenario/pipelines.ts";
import { type Scene, scenario, story } from "../scenario/scenario.ts";
import { jumping, type Step, type StepPart } from "../scenario/step.ts";
import { creation, deletion } from "../scenario/task-requests.ts";
import { line } from "../scenario/wait-for-lines.ts";

const jobOf = ({ queueJob, run }: Step, script: string) => queueJob(script, [`EphemeralAgent.Run -equals ${run.id}`]);

/** The step removed everything itself: its post-job step has nothing to do. */
async function assertOver({ simulator }: Scene, main: FinishedTask): Promise<void> {
  assert.equal(main.result, "failed", main.log);
  assert.equal(main.exitCode, 0);
  assert.deepEqual(simulator.leftBehind(), { agents: [], containerGroups: [] });
  assert.doesNotMatch(main.log, /could not be read/, "a container that never ran has no log, which is no trouble");
  assertSilent(await runPostJob(main));
}

/** The container's log as the step shows it, collapsed. */
function containerLog({ log }: FinishedTask): string {
  const [, shown] = /^##\[group\]Log of container eph-\S+$\n(.*?)^##\[endgroup\]$/ms.exec(log) ?? [];
  assert.ok(shown !== undefined, `no container log in:\n${log}`);
  return shown;
}

/** An image whose agent misbehaves in a known way. */
function imageThat({ simulator }: Scene, behaviour: string): string {
  const { registry } = simulator;
  const reference = `${registry.server}/azure-pipelines-agent:${behaviour}`;
  const environment = { EPHEMERAL_AGENT_ROOT: "/azp", EPHEMERAL_STATE: "/mnt/ephemeral-state" };
  registry.add({
    reference,
    pullable: "anonymous",
    agentBaked: false,
    environment: { ...environment, SIM_AGENT_BEHAVIOUR: behaviour },
  });
  return reference;
}

/** On the step's machine the time for coming online passes once the container runs. */
const longAfterTheStart = ({ simulator }: Scene): StepPart => jumping(simulator, /container running$/);

// Both actions share these ways: `create` goes them on one node, `run` on each.
for (const [action, tell] of [
  ["run", scenario],
  ["create", story],
] as const) {
  describe(`The container of a \`${action}\` step`, () => {
    tell("ends before the agent is online: EA601 with exit code and log", async (scene) => {
      scene.simulator.arm.inject("crashes-at-start");
      const main = await scene.step({ action }).execute();
      assertFailure(main, "EA601", /exit code 1\b/);
      assert.match(containerLog(main), /^fatal: cannot start$/m);
      await assertOver(scene, main);
    });

    story("has an agent that dies at once: EA601 with its last words", async (scene) => {
      const imageName = imageThat(scene, "crash-before-online");
      const main = await scene.step({ action, imageName }).execute();
      assertFailure(main, "EA601", /exit code 0\b/);
      assert.match(containerLog(main), /^Segmentation fault$/m);
      await assertOver(scene, main);
    });

    tell("never brings an agent online: EA602 after the time given", async (scene) => {
      scene.simulator.arm.inject("does-nothing");
      const main = await scene.step({ action, timeoutAgentOnline: "300" }, longAfterTheStart(scene)).execute();
      assertFailure(main, "EA602", /^after 300 s: container group succeeded, container running\b/);
      await assertOver(scene, main);
    });

    tell("has an image that the service refuses, and no way to pull another: EA406 in its words", async (scene) => {
      scene.expectRefusal(/^400 arm PUT /);
      const imageName = `${scene.simulator.ready.registryServer}/no-such-image:latest`;
      const main = await scene.step({ action, imageName }).execute();
      assertFailure(main, "EA406", /InaccessibleImage: The image '.*no-such-image:latest' .*\(HTTP 400\)$/);
      await assertOver(scene, main);
    });

    tell("has an image that cannot be pulled after all: EA401 with the events", async (scene) => {
      scene.simulator.arm.inject("pull-fails");
      const main = await scene.step({ action }).execute();
      assertFailure(main, "EA401", /Failed to pull image ".*azure-pipelines-agent:latest": unexpected EOF/);
      await assertOver(scene, main);
    });

    story("finds no machine: EA203 with the event, and what to change", async (scene) => {
      scene.simulator.arm.inject("capacity");
      const main = await scene.step({ action }).execute();
      assertFailure(main, "EA203", /InsufficientCapacity.*Resource requested: '1' CPU '2' GB memory/);
      await assertOver(scene, main);
    });

    tell(
      "has failed before it is looked at for the first time: EA203 all the same",
      async (scene) => {
        scene.simulator.arm.inject("capacity");
        const main = await scene.step({ action }).execute();
        assertFailure(main, "EA203", /InsufficientCapacity/);
        await assertOver(scene, main);
      },
      { azure: { timings: { pendingMs: 0 } } },
    );

    story(
      "is given up by Azure: EA603",
      async (scene) => {
        scene.simulator.arm.inject("never-starts");
        const main = await scene.step({ action }).execute();
        assertFailure(main, "EA603");
        await assertOver(scene, main);
      },
      { azure: { timings: { provisioningTimeoutMs: 300 } } },
    );

    tell("finds room at a fallback: the same agent, in another size", async (scene) => {
      const { arm, organization, ready, requests } = scene.simulator;
      arm.inject("capacity", { times: 1 });
      const step = scene.step({ action, fallbacks: "CPU=2 memory=4" });
      // Beside `run` the job is there before its agent; what `create` makes, it asks for by the run.
      if (action === "run") organization.addPlaceholder(ready.pool);
      const beside = action === "run" ? step.queueJob("true", ["EphemeralAgent"]) : undefined;
      const ended = step.execute();
      await line(step.lines, /Falling back to 2 CPU, 4 GB in westeurope, subnet snet-agents\.$/);
      const served = await (beside ?? jobOf(step, "true")).outcome;
      assert.equal(served.result, "succeeded");
      const main = await ended;
      assert.equal(main.result, "succeeded", main.log);
      assert.equal(main.outputs.agentName?.value, served.agentName);
      assert.equal(requests.entries.filter(creation).length, 2);
      if (action === "create") await scene.step({ action: "remove" }, { run: step.run }).execute();
    });
  });
}

describe("A container that dies under a running job", () => {
  for (const [what, restartNonZeroExit] of [
    ["for good", false],
    ["and is started again by the platform", true],
  ] as const) {
    scenario(
      `${what}: EA606 at once, everything gone once the service lets go`,
      async (scene) => {
        const step = scene.step({ action: "run" });
        const ended = step.execute();
        await line(step.lines, /container group requested/);
        const job = jobOf(step, gate().script);
        await line(step.jobLines, /^started$/);
        await line(step.lines, /running job 'deploy' of /);
        const [group] = scene.simulator.arm.containerGroups();
        await group?.group.deployment.crash();
        await line(step.lines, /EA606/);
        assert.equal(scene.simulator.leftBehind().agents.length, 1, "told before the service gave the job up");
        job.unheard();
        const main = await ended;
        assertFailure(main, "EA606", /^job 'deploy' of \S+; exit code 137\b/);
        const lastWords = restartNonZeroExit ? "A job has already been given" : "Starting the listener for one job";
        assert.match(containerLog(main), new RegExp(`^${lastWords}`, "m"));
        assert.equal((await job.outcome).result, "failed");
        await assertOver(scene, main);
      },
      { azure: { restartNonZeroExit } },
    );
  }

  scenario("is reported by `remove` beside the job, too", async (scene) => {
    const created = scene.step({ action: "create", timeoutAgentOnline: "0" });
    assert.equal((await created.execute()).result, "succeeded");
    const job = jobOf(created, gate().script);
    const watching = scene.step({ action: "remove" }, { run: created.run });
    const ended = watching.execute();
    await line(watching.jobLines, /^started$/);
    await line(watching.lines, /running job 'deploy' of /);
    const [group] = scene.simulator.arm.containerGroups();
    await group?.group.deployment.crash();
    await line(watching.lines, /EA606/);
    job.unheard();
    const main = await ended;
    assertFailure(main, "EA606", /^job 'deploy' of /);
    await job.outcome;
    await assertOver(scene, main);
  });
});

describe("A failed container group that shall stay for debugging", () => {
  story("is unregistered and stopped, and no sweep takes it before its time", async (scene) => {
    const { simulator } = scene;
    simulator.arm.inject("does-nothing");
    const inputs = { action: "run", timeoutAgentOnline: "300", skipContainerDeletionOnError: "true" };
    const main = await scene.step(inputs, longAfterTheStart(scene)).execute();
    assertFailure(main, "EA602");
    assert.match(main.log, /container group stopped and kept for debugging until \d{4}-.*Z: \/subscriptions\//);
    const [kept] = simulator.arm.containerGroups();
    assert.equal(kept?.group.state, "Stopped");
    assert.deepEqual(simulator.leftBehind().agents, []);
    assertSilent(await runPostJob(main));
    const swept = await scene.step({ action: "sweep" }).execute();
    assert.equal(swept.result, "succeeded", swept.log);
    assert.match(swept.log, /kept +kept for debugging until /);
    assert.equal(await deleteGroup(simulator, kept?.id ?? ""), 200);
  });
});

describe("A record that somebody deletes before its listener starts", () => {
  // The listener gets no token then and asks again and again: nothing ends its container before its idle limit.
  story("fails the step with EA605, and takes the container along", async (scene) => {
    const { organization, caFile, requests } = scene.simulator;
    const step = scene.step({ action: "run" });
    const ended = step.execute();
    await line(step.lines, /container group requested/);
    const [record] = organization.agents().filter(({ seeded }) => !seeded);
    const authorization = `Basic ${Buffer.from(`:${organization.pat}`).toString("base64")}`;
    const url = `${organization.url}_apis/distributedtask/pools/1/agents/${record?.id}?api-version=7.1`;
    assert.equal((await ask(caFile, url, { method: "DELETE", headers: { authorization } })).status, 204);
    const main = await ended;
    assertFailure(main, "EA605");
    assert.equal(requests.entries.filter(deletion).length, 1);
    await assertOver(scene, main);
  });
});
