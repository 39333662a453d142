// Three nets, each of which catches what a step made when the other two are cut: the seconds between a signal and the
// kill, the post-job step, the next sweep.
import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import type { Fault } from "../../../simulator/http/request-faults.ts";
import type { SimulatorOptions } from "../../../simulator/start-simulator.ts";
import { type FinishedTask, runPostJob } from "../harness/run-task.ts";
import { gate } from "../scenario/pipelines.ts";
import { story } from "../scenario/scenario.ts";
import { mayCome, type Step } from "../scenario/step.ts";
import { creation, marking, registration } from "../scenario/task-requests.ts";
import { line } from "../scenario/wait-for-lines.ts";
import { every, idle, killEach } from "./killed-steps.ts";
import { nthRequest, ownConnection } from "./own-requests.ts";

const nothing = { agents: [], containerGroups: [] };
const demand = ({ run }: Step) => [`EphemeralAgent.Run -equals ${run.id}`];

/**
 * The signals from the first to the kill, whichever comes first, as far apart as an agent on a busy machine has set them: its
 * usual 7.5 and 2.5 s (facts agent-protocol §8.1) are played by the random schedules, whose clock is no machine's.
 */
function ladder(first: "SIGINT" | "SIGTERM", when: Promise<unknown>) {
  const after = (ms: number) => when.then(() => delay(ms, undefined, { ref: false }));
  return [
    { signal: first, when },
    { signal: "SIGTERM" as const, when: after(35_000) },
    { signal: "SIGKILL" as const, when: after(45_000) },
  ];
}

/** A container that takes its time to start, where that is what a step is to be seen at. */
const starting = (when: string): SimulatorOptions =>
  when === "while the container starts" ? { azure: { timings: { pendingMs: 3_000 } } } : {};

/** It ended by itself, before the kill. */
function assertInTime(main: FinishedTask): void {
  assert.equal(main.exitCode, 0, main.log);
  assert.match(main.log, /^EA900 /m);
}

describe("The seconds after a signal, without post-job step and sweep", () => {
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    for (const [when, pattern, actions] of [
      ["once the record is there", /registered in pool/, ["run", "create"]],
      ["once the container group is asked for", /container group requested/, ["run", "create"]],
      ["while the container starts", /container group (pending|creating)/, ["run", "create"]],
      ["once the container runs", /container running$/, ["run", "create"]],
      ["once the agent is online", /: online$/, ["run"]],
    ] as const) {
      story(
        `${signal} ${when} leaves nothing`,
        async (scene) => {
          // What is under way when the signal comes is given up.
          scene.expectRefusal(/^0 /);
          // On a quick machine an agent is online before anybody has seen its container run.
          if (when === "once the container runs") scene.simulator.arm.inject("does-nothing");
          const cancelled = actions.map(async (action) => {
            const step = scene.step({ action, agentCount: "2" });
            mayCome(step);
            assertInTime(await step.execute({ signals: ladder(signal, line(step.lines, pattern)) }));
          });
          await Promise.all(cancelled);
          assert.deepEqual(scene.simulator.leftBehind(), nothing);
        },
        starting(when),
      );
    }

    const slow: readonly (readonly [string, Fault, typeof registration])[] = [
      ["registration", { method: "POST", path: /\/agents$|\/agents\?/, effect: { delayMs: 600 } }, registration],
      ["marking", { path: "usercapabilities", effect: { delayMs: 600 } }, marking],
      ["creation", { site: "arm", method: "PUT", effect: { delayMs: 600 } }, creation],
    ];
    for (const [what, fault, request] of slow) {
      story(`${signal} while the ${what} is under way leaves nothing`, async (scene) => {
        const { simulator } = scene;
        // Its answer comes when the record is gone again.
        scene.expectRefusal(/^0 /, /^404 devops PUT .*\/usercapabilities$/);
        simulator.faults.add(fault);
        const under = simulator.requests.seen(request);
        const step = scene.step({ action: "run" });
        mayCome(step);
        assertInTime(await step.execute({ signals: ladder(signal, under) }));
        await simulator.requests.answered(request);
        assert.deepEqual(simulator.leftBehind(), nothing);
      });
    }

    story(`${signal} leaves a busy agent alone`, async (scene) => {
      const { simulator } = scene;
      const step = scene.step({ action: "run" });
      const { script, open } = gate();
      const ended = step.execute({ signals: ladder(signal, line(step.lines, /running job 'deploy' of /)) });
      await line(step.lines, /container group requested/);
      const job = step.queueJob(script, demand(step));
      assertInTime(await ended);
      assert.deepEqual(
        [simulator.leftBehind().agents.length, simulator.leftBehind().containerGroups.length],
        [1, 1],
        "both stay as long as the job needs them",
      );
      open();
      assert.equal((await job.outcome).result, "succeeded");
      step.run.complete("canceled");
      await scene.step({ action: "sweep" }).execute();
    });
  }

  story(
    "SIGINT leaves nothing when every answer takes its time, and a deletion as long as Azure needs",
    async (scene) => {
      const { simulator } = scene;
      // What is under way when the signal comes is given up.
      scene.expectRefusal(/^0 /);
      simulator.arm.inject("does-nothing");
      const step = scene.step({ action: "run" });
      mayCome(step);
      const running = line(step.lines, /container running$/);
      void running.then(() => {
        simulator.faults.add({ site: "devops", effect: { delayMs: 150 } });
        simulator.faults.add({ site: "arm", method: "DELETE", effect: { delayMs: 4_000 } });
      });
      assertInTime(await step.execute({ signals: ladder("SIGINT", running) }));
      await simulator.requests.answered(({ site, method }) => site === "arm" && method === "DELETE");
      while (simulator.leftBehind().containerGroups.length > 0) await delay(20);
    },
  );

  story("a `remove` that was told to wait removes at once what is idle", async (scene) => {
    const created = scene.step({ action: "create" });
    await created.execute();
    const step = scene.step({ action: "remove" }, { run: created.run });
    // A job that is still to come keeps the agent waiting.
    created.queueJob("true", ["EphemeralAgent.Run -equals 0"]);
    assertInTime(await step.execute({ signals: ladder("SIGINT", line(step.lines, /: online$/)) }));
    assert.deepEqual(scene.simulator.leftBehind(), nothing);
  });
});

describe("The post-job step, without signals and sweep", () => {
  for (const offset of [0, 1, 2]) {
    story(`removes what a killed step made, at whichever request it dies (${offset + 1} of 3)`, async (scene) => {
      idle(scene);
      // The runs go on, so that the sweep of no step may touch another's.
      for (const { main } of await killEach(scene, every(3, offset))) {
        const post = await runPostJob(main);
        assert.equal(post.result, "succeeded", post.log);
        assert.deepEqual(post.issues, []);
      }
      assert.deepEqual(scene.simulator.leftBehind(), nothing);
    });
  }
});

describe("The post-job step of `remove`", () => {
  story("removes what the run made when the step was killed at its very first request", async (scene) => {
    idle(scene);
    scene.expectRefusal(/^0 /);
    const { run, execute } = scene.step({ action: "create", timeoutAgentOnline: "0" });
    await execute();
    const { clientId, endpoints } = ownConnection(scene.simulator, "killed");
    const step = scene.step({ action: "remove" }, { run, endpoints });
    const when = nthRequest(scene.simulator, { clientId, jobToken: step.start.jobToken }, 1);
    const main = await step.execute({ signals: [{ signal: "SIGKILL", when }] });
    assert.equal(main.exitCode, 137, main.log);
    const post = await runPostJob(main);
    assert.deepEqual(post.issues, []);
    assert.deepEqual(scene.simulator.leftBehind(), nothing);
  });
});
