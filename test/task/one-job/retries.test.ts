// What passes is waited out inside the step, by the real adapters: one record and one container group come of it. What
// will stay is told at once.
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import type { Condition } from "../../../simulator/arm/container-groups/creation/injected-failures.ts";
import type { Fault, FaultEffect } from "../../../simulator/http/request-faults.ts";
import { type FinishedTask, runPostJob } from "../harness/run-task.ts";
import { type Scene, story } from "../scenario/scenario.ts";
import { creation } from "../scenario/task-requests.ts";
import { line } from "../scenario/wait-for-lines.ts";

type Point = Omit<Fault, "effect">;

const pool = { site: "devops" };
const group = { site: "arm", path: /\/containerGroups\/[^/?]+(\?|$)/i };
const agent = { ...pool, path: /\/agents\/\d+(\?|$)/ };

/** Requests that change nothing: each may get lost and be sent again. */
const reads: Readonly<Record<string, Point>> = {
  "look for the pool": { ...pool, path: "/_apis/distributedtask/pools" },
  "look for the package": { ...pool, path: "/packages/agent" },
  "list of agents": { ...pool, method: "GET", path: /\/agents(\?|$)/ },
  "list of container groups": { site: "arm", method: "GET", path: /\/containerGroups(\?|$)/i },
  "look at the network": { site: "arm", path: "/virtualNetworks/" },
  "look at the agent": { ...agent, method: "GET" },
  "look at the container group": { ...group, method: "GET" },
  "token of Entra": { site: "login", method: "POST" },
};

const changes: Readonly<Record<string, Point>> = {
  registration: { ...pool, method: "POST", path: /\/agents(\?|$)/ },
  marking: { ...pool, method: "PUT", path: "usercapabilities" },
  creation: { ...group, method: "PUT" },
  disabling: { ...agent, method: "PATCH" },
  unregistration: { ...agent, method: "DELETE" },
  deletion: { ...group, method: "DELETE" },
};

/** Strikes each kind of request once. */
function strikeEach({ simulator, ...scene }: Scene, points: Readonly<Record<string, Point>>, effect: FaultEffect) {
  // A deletion that is sent again finds nothing.
  scene.expectRefusal(/^(0|429|500|503) /, /^404 devops DELETE .*\/agents\/\d+$/);
  const added = Object.entries(points).map(([name, point]) => ({
    name,
    fault: simulator.faults.add({ times: 1, ...point, effect }),
  }));
  return {
    assertStruck: () =>
      assert.deepEqual(
        added.filter(({ fault }) => fault.hits === 0).map(({ name }) => name),
        [],
      ),
  };
}

/** A `run` that serves its job: however often something was asked for, one record and one group came of it. */
async function servesWithOne(scene: Scene, environment: Readonly<Record<string, string>> = {}): Promise<FinishedTask> {
  const { simulator } = scene;
  const part = { environment: { NODE_EXTRA_CA_CERTS: simulator.caFile, ...environment } };
  const step = scene.step({ action: "run" }, part);
  const ended = step.execute();
  await line(step.lines, /container group requested/);
  const { outcome } = step.queueJob("echo served", [`EphemeralAgent.Run -equals ${step.run.id}`]);
  const served = await outcome;
  assert.equal(served.result, "succeeded");
  const main = await ended;
  assert.equal(main.result, "succeeded", main.log);
  assert.deepEqual(main.issues, []);
  assert.equal(main.outputs.agentName?.value, served.agentName);
  assert.equal(main.outputs.agentId?.value, "1");
  assert.equal(simulator.organization.addPlaceholder(simulator.ready.pool).id, 2, "there was a second record");
  const accepted = simulator.requests.entries.filter((one) => creation(one) && one.status !== undefined);
  const groups = new Set(accepted.map(({ url }) => new URL(url).pathname));
  assert.equal(groups.size, 1, "there was a second container group");
  const post = await runPostJob(main);
  assert.deepEqual(post.issues, []);
  return main;
}

const retried = ({ log }: FinishedTask): string[] =>
  [...log.matchAll(/ answered .* Trying again in (\d+) s\.$/gm)].map(([, seconds = ""]) => seconds);

describe("A step in which every kind of request fails once", () => {
  for (const [how, effect, told] of [
    ["is answered 500", { status: 500, body: { message: "Something went wrong." } }, 12],
    ["is answered 503", { status: 503, body: { message: "The service is busy." } }, 12],
    // A read whose connection was kept open, and is closed now, is sent again at once and without a word.
    ["is cut off", { reset: true }, 6],
  ] as const) {
    story(`and ${how} recovers`, async (scene) => {
      const struck = strikeEach(scene, { ...reads, ...changes }, effect);
      const main = await servesWithOne(scene);
      struck.assertStruck();
      assert.ok(retried(main).length >= told, main.log);
    });
  }

  story("and its answer is lost recovers, and nothing is made twice", async (scene) => {
    const struck = strikeEach(scene, changes, { loseAnswer: true });
    await servesWithOne(scene);
    struck.assertStruck();
    const puts = scene.simulator.requests.entries.filter(creation);
    assert.equal(puts.length, 1, "a second PUT would restart the container");
  });

  story("and is never answered recovers", async (scene) => {
    const { registration, creation: put, deletion, unregistration } = changes;
    const points = { registration, put, deletion, unregistration, "look at the agent": reads["look at the agent"] };
    const struck = strikeEach(scene, points as Record<string, Point>, { hang: true });
    const quick = fileURLToPath(new URL("quick-timers.cjs", import.meta.url));
    const main = await servesWithOne(scene, { NODE_OPTIONS: `--require=${quick}` });
    struck.assertStruck();
    assert.match(main.log, / answered NoAnswer: no answer within 60 s/);
  });
});

describe("A step that is asked to wait", () => {
  const { registration, creation: put, deletion } = changes;
  const points = {
    registration,
    put,
    deletion,
    "look at the network": reads["look at the network"],
    "credential of the agent": { site: "agent-oauth", method: "POST" },
  } as Record<string, Point>;
  const tooMany = (retryAfter: () => string): FaultEffect => ({
    call: () => ({
      status: 429,
      headers: { "retry-after": retryAfter() },
      body: { message: "Too many requests.", error: { code: "TooManyRequests", message: "Too many requests." } },
    }),
  });
  for (const [how, effect, waits] of [
    ["so many seconds", tooMany(() => "3"), ["3"]],
    // Against the `Date` of the same answer, which node makes once a second: a busy machine has an older one, or is later.
    ["until a time", tooMany(() => new Date(Date.now() + 3_000).toUTCString()), ["0", "1", "2", "3", "4", "5"]],
  ] as const) {
    story(`${how} does so, whatever it asked for`, async (scene) => {
      const struck = strikeEach(scene, points, effect);
      const main = await servesWithOne(scene);
      struck.assertStruck();
      const waited = retried(main);
      assert.equal(waited.length, Object.keys(points).length, main.log);
      assert.deepEqual(
        waited.filter((one) => !waits.some((wait) => wait === one)),
        [],
        main.log,
      );
    });

    // The identity library does the waiting, without a word.
    story(`${how} by Entra goes on afterwards`, async (scene) => {
      const struck = strikeEach(scene, { token: reads["token of Entra"] as Point }, effect);
      await servesWithOne(scene);
      struck.assertStruck();
    });
  }
});

describe("A creation that Azure refuses for now", () => {
  const pairs: readonly (readonly [Condition, Condition])[] = [
    ["transitioning", "quota"],
    ["service-unavailable", "registry-error"],
    ["throttled", "internal-error"],
  ];
  for (const conditions of pairs) {
    story(`(${conditions.join(", then ")}) is asked for again, under the same name`, async (scene) => {
      scene.expectRefusal(/^(409|429|500) arm PUT /);
      const injected = conditions.map((condition) => scene.simulator.arm.inject(condition, { times: 1 }));
      const main = await servesWithOne(scene);
      assert.deepEqual(
        injected.map(({ hits }) => hits),
        [1, 1],
      );
      assert.equal(retried(main).length, 2);
    });
  }

  story("(transitioning) is deleted as soon as it may be", async (scene) => {
    scene.expectRefusal(/^409 arm DELETE /);
    const message = "The container group is still transitioning, please retry later.";
    const effect = { status: 409, body: { error: { code: "ContainerGroupTransitioning", message } } };
    const struck = scene.simulator.faults.add({ ...group, method: "DELETE", times: 2, effect });
    await servesWithOne(scene);
    assert.equal(struck.hits, 2);
  });
});

describe("A refusal that will stay", () => {
  const { registration, creation: put, marking } = changes;
  const refusals: readonly (readonly [string, Point, number, string, string])[] = [
    ["the look for the pool", reads["look for the pool"] as Point, 401, "UnauthorizedRequestException", "EA501"],
    ["the registration", registration as Point, 400, "InvalidArgumentException", "EA504"],
    ["the registration", registration as Point, 403, "AccessDeniedException", "EA502"],
    ["the registration", registration as Point, 409, "TaskAgentExistsException", "EA503"],
    ["the marking", marking as Point, 403, "AccessDeniedException", "EA502"],
    ["the creation", put as Point, 400, "InvalidRequestContent", "EA208"],
    ["the creation", put as Point, 403, "AuthorizationFailed", "EA202"],
    ["the creation", put as Point, 404, "ResourceGroupNotFound", "EA207"],
    ["the creation", put as Point, 409, "InvalidResourceLocation", "EA208"],
    ["the look at the network", reads["look at the network"] as Point, 404, "ResourceNotFound", "EA302"],
    ["the token of Entra", reads["token of Entra"] as Point, 401, "AADSTS7000215", "EA201"],
  ];
  for (const [what, point, status, code, told] of refusals) {
    story(`of ${what} (${status} ${code}) is told at once: it is asked once`, async (scene) => {
      scene.expectRefusal(new RegExp(`^${status} `));
      const message = `Refused: ${code}.`;
      const entra = { error: "invalid_client", error_description: `${code}: refused.` };
      const body = point.site === "login" ? entra : { typeKey: code, message, error: { code, message } };
      const added = scene.simulator.faults.add({ ...point, effect: { status, body } });
      const main = await scene.step({ action: "create" }).execute();
      assert.equal(main.result, "failed");
      assert.equal(main.issues[0]?.code, told, main.log);
      assert.equal(added.hits, 1);
      assert.deepEqual(retried(main), []);
    });
  }
});
