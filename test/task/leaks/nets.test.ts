// Three nets, each of which catches what a step made when the other two are cut: the seconds between a signal and the
// kill, the post-job step, the next sweep.
import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { Run } from "../../../simulator/devops/runs.ts";
import type { Fault } from "../../../simulator/http/faults.ts";
import type { SimulatorOptions } from "../../../simulator/simulator.ts";
import { gate } from "../bundle/pipelines.ts";
import { creation, marking, registration } from "../bundle/requests.ts";
import { type Scene, story } from "../bundle/scenario.ts";
import { line } from "../bundle/seen.ts";
import { mayCome, type Step } from "../bundle/step.ts";
import { type FinishedTask, runPostJob } from "../harness/run-task.ts";
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

/** As many steps as there are moments, side by side; each is killed when the request arrives that is its moment. */
async function killEach(scene: Scene, moments: readonly number[]): Promise<{ run: Run; main: FinishedTask }[]> {
  const { simulator } = scene;
  scene.expectRefusal(/^0 /);
  return Promise.all(
    moments.map(async (nth, index) => {
      const { clientId, endpoints } = ownConnection(simulator, `step-${nth}`);
      const step = scene.step({ action: index % 2 === 0 ? "run" : "create" }, { endpoints });
      const when = nthRequest(simulator, { clientId, jobToken: step.start.jobToken }, nth);
      const main = await step.execute({ signals: [{ signal: "SIGKILL", when }] });
      assert.equal(main.exitCode, 137, `request ${nth} came after the end:\n${main.log}`);
      return { run: step.run, main };
    }),
  );
}

/** From the first request to the one that asks for the container group, and some after it. */
const moments = Array.from({ length: 24 }, (_, index) => index + 1);
const every = (n: number, offset: number) => moments.filter((one) => one % n === offset);

/** Makes every step's container do nothing: the agents stay idle. */
const idle = ({ simulator }: Scene) => void simulator.arm.inject("does-nothing");

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

const oneDay = 24 * 60 * 60_000;
const clockAhead = fileURLToPath(new URL("clock-ahead.mjs", import.meta.url));

/** What sets the clock of a step's process. */
const machineAhead = (ms: number) => ({ NODE_OPTIONS: `--import=${clockAhead}`, CLOCK_AHEAD_MS: String(ms) });

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
