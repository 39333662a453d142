// A step that is canceled or killed, at every point of an agent's life: what it cannot remove in its last seconds its
// post-job step removes.
import assert from "node:assert/strict";
import type { Fault } from "../../../simulator/http/request-faults.ts";
import { type FinishedTask, runPostJob } from "../harness/run-task.ts";
import { assertSilent, ownLines } from "../scenario/expected-messages.ts";
import { gate } from "../scenario/pipelines.ts";
import { type Scene, scenario, story } from "../scenario/scenario.ts";
import { mayCome, type Step } from "../scenario/step.ts";
import { changes, creation, deletion, registration, unregistration } from "../scenario/task-requests.ts";
import { line } from "../scenario/wait-for-lines.ts";

const online = /: online$/;
const containerRunning = /container running$/;
/** The last line of the header that the agent prints before it starts the process. */
const processStarts = /^Help +: /;

/** Nothing was begun: the post-job step has nothing to say or to ask. */
async function assertNothingToFinish({ simulator }: Scene, main: FinishedTask): Promise<void> {
  const before = simulator.requests.entries.length;
  assertSilent(await runPostJob(main));
  assert.equal(simulator.requests.entries.length, before, "an idle post-job step asks nobody");
}

/** The post-job step finds what is there, removes it, and says so without a warning. */
async function assertFinishes(main: FinishedTask): Promise<string> {
  const post = await runPostJob(main);
  assert.equal(post.result, "succeeded", post.log);
  assert.deepEqual(post.issues, []);
  const [first] = ownLines(post.log);
  assert.match(first ?? "", /^The step ended before it could clean up\. Removing eph-\S+\.$/);
  return post.log;
}

function assertCancelled(main: FinishedTask): void {
  assert.equal(main.result, "canceled", main.log);
  assert.equal(main.exitCode, 0, "it ended by itself, before it was killed");
  assert.match(main.log, /^EA900 Canceled: /m);
  assert.deepEqual(
    ownLines(main.log).filter((text) => text.startsWith("##[error]")),
    [],
  );
}

/** Cancels the step's job while a request of it is under way, whose handling waits so long. */
function whileUnderWay(scene: Scene, fault: Omit<Fault, "effect">, fits: typeof registration): Promise<unknown> {
  scene.expectRefusal(/^0 /);
  scene.simulator.faults.add({ ...fault, times: 1, effect: { delayMs: 20_000 } });
  return scene.simulator.requests.seen(fits);
}

const jobOf = ({ queueJob, run }: Step, script: string) => queueJob(script, [`EphemeralAgent.Run -equals ${run.id}`]);

// Both actions share these ways: `create` goes them on one node, `run` on each.
for (const [action, tell] of [
  ["run", scenario],
  ["create", story],
] as const) {
  describe(`A \`${action}\` step that is cancelled`, () => {
    tell("before its process could do anything makes no request at all", async (scene) => {
      const step = scene.step({ action });
      const main = await step.execute({ cancelWhen: line(step.lines, processStarts) });
      assert.equal(main.result, "canceled");
      assert.deepEqual(scene.simulator.requests.entries, []);
      await assertNothingToFinish(scene, main);
    });

    tell("while it still reads makes nothing", async (scene) => {
      const reading = whileUnderWay(scene, { path: "/packages/agent" }, ({ url }) => url.includes("/packages/agent"));
      const main = await scene.step({ action }).execute({ cancelWhen: reading });
      assertCancelled(main);
      assert.deepEqual(changes(scene.simulator), []);
      await assertNothingToFinish(scene, main);
    });

    tell("while Microsoft Entra ID leaves it without an answer makes nothing", async (scene) => {
      scene.expectRefusal(/^0 /);
      const signIn = { site: "login", method: "POST" };
      scene.simulator.faults.add({ ...signIn, effect: { hang: true } });
      const asked = scene.simulator.requests.seen(({ site, method }) => site === "login" && method === "POST");
      const main = await scene.step({ action }).execute({ cancelWhen: asked });
      scene.simulator.faults.clear();
      assertCancelled(main);
      assert.deepEqual(changes(scene.simulator), []);
      await assertNothingToFinish(scene, main);
    });

    tell("while it looks for the pool makes nothing", async (scene) => {
      const reading = whileUnderWay(scene, { path: /\/pools\?/ }, ({ url }) => url.includes("/pools?"));
      const main = await scene.step({ action }).execute({ cancelWhen: reading });
      assertCancelled(main);
      await assertNothingToFinish(scene, main);
    });

    tell("while it registers the agent removes the record that comes of it", async (scene) => {
      const asking = whileUnderWay(scene, { method: "POST", path: /\/agents(\?|$)/ }, registration);
      const main = await scene.step({ action }).execute({ cancelWhen: asking });
      assertCancelled(main);
      await assertFinishes(main);
    });

    tell("while it creates the container group removes the group that comes of it", async (scene) => {
      const asking = whileUnderWay(scene, { site: "arm", method: "PUT" }, creation);
      const main = await scene.step({ action }).execute({ cancelWhen: asking });
      assertCancelled(main);
      await assertFinishes(main);
    });

    tell("while it waits for the agent sends both deletes at once", async (scene) => {
      scene.simulator.arm.inject("does-nothing");
      const step = scene.step({ action });
      mayCome(step);
      const main = await step.execute({ cancelWhen: line(step.lines, containerRunning) });
      assertCancelled(main);
      assert.match(
        main.log,
        /canceled: removing (eph-\S+); the post-job step verifies that$.*\1: deletion requested$/ms,
      );
      assert.deepEqual(scene.simulator.leftBehind(), { agents: [], containerGroups: [] });
      assert.match(
        await assertFinishes(main),
        /was already unregistered|was already deleted|no container group to delete/,
      );
    });
  });
}

describe("A `run` step whose job is running", () => {
  const busy = async (scene: Scene, way: "cancelWhen" | "SIGKILL") => {
    const { script, open } = gate();
    const step = scene.step({ action: "run" });
    const begun = line(step.lines, /running job 'deploy' of /);
    const ending =
      way === "cancelWhen" ? { cancelWhen: begun } : { signals: [{ signal: "SIGKILL" as const, when: begun }] };
    const ended = step.execute({ ...ending });
    await line(step.lines, /registered in pool/);
    await line(step.lines, /container group requested/);
    const job = jobOf(step, script);
    const main = await ended;
    return { step, main, job, open };
  };

  scenario("leaves the job to its end when it is cancelled, and its post-job step finishes", async (scene) => {
    const { step, main, job, open } = await busy(scene, "cancelWhen");
    assertCancelled(main);
    assert.match(main.log, /: its job is still running; left to the post-job step$/m);
    assert.equal(scene.simulator.leftBehind().agents.length, 1);
    const finished = assertFinishes(main);
    await line(step.lines, /Azure DevOps still counts its job as running; waiting$/);
    open();
    assert.equal((await job.outcome).result, "succeeded", "the job was not disturbed");
    assert.match(await finished, /agent unregistered\n.*container group deleted/);
  });

  scenario("does the same when it is killed", async (scene) => {
    const { main, job, open } = await busy(scene, "SIGKILL");
    assert.equal(main.exitCode, 137);
    open();
    await assertFinishes(main);
    assert.equal((await job.outcome).result, "succeeded");
  });
});

describe("A step whose process gets a signal", () => {
  for (const action of ["run", "create"]) {
    scenario(`removes what it made on SIGTERM alone (${action})`, async (scene) => {
      scene.simulator.arm.inject("does-nothing");
      const step = scene.step({ action });
      mayCome(step);
      const signals = [{ signal: "SIGTERM" as const, when: line(step.lines, containerRunning) }];
      const main = await step.execute({ signals });
      assertCancelled(main);
      // It sends both deletes by itself; how long Azure takes for its own is Azure's affair.
      const { entries } = scene.simulator.requests;
      assert.ok(entries.some(unregistration) && entries.some(deletion), "both deletes are sent");
      await assertFinishes(main);
    });
  }

  const kills: readonly (readonly [string, (scene: Scene, step: Step) => Promise<unknown>])[] = [
    [
      "while it registers the agent",
      (scene) => whileUnderWay(scene, { method: "POST", path: /\/agents(\?|$)/ }, registration),
    ],
    [
      "between record and capabilities",
      (scene) => whileUnderWay(scene, { path: "usercapabilities" }, ({ url }) => url.includes("usercapabilities")),
    ],
    ["while it creates the container group", (scene) => whileUnderWay(scene, { site: "arm", method: "PUT" }, creation)],
    ["once the container group is there", (_, step) => line(step.lines, /container group requested/)],
    ["once the agent is online", (_, step) => line(step.lines, online)],
  ];
  for (const [when, condition] of kills) {
    scenario(`and is killed ${when}: the post-job step removes everything`, async (scene) => {
      scene.expectRefusal(/^0 /);
      const step = scene.step({ action: "run" });
      mayCome(step);
      const signals = [{ signal: "SIGKILL" as const, when: condition(scene, step) }];
      const main = await step.execute({ signals });
      assert.equal(main.exitCode, 137);
      assert.equal(main.result, "failed");
      await assertFinishes(main);
    });
  }

  for (const [what, path] of [
    ["its record", /\/agents\/\d+(\?|$)/],
    ["its group", /\/containerGroups\//i],
  ] as const) {
    scenario(`and is killed while it deletes ${what}: the post-job step ends what was begun`, async (scene) => {
      const step = scene.step({ action: "run" });
      const deleting = ({ method, url }: { method: string; url: string }) => method === "DELETE" && path.test(url);
      const signals = [
        { signal: "SIGKILL" as const, when: whileUnderWay(scene, { method: "DELETE", path }, deleting) },
      ];
      const ended = step.execute({ signals });
      await line(step.lines, /container group requested/);
      const { outcome } = jobOf(step, "true");
      const main = await ended;
      assert.equal(main.exitCode, 137);
      assert.equal((await outcome).result, "succeeded");
      await assertFinishes(main);
    });
  }
});
