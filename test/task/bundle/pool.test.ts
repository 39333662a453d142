// The organization says no, or nothing for a while.
import assert from "node:assert/strict";
import type { FaultEffect } from "../../../simulator/http/request-faults.ts";
import { runPostJob } from "../harness/run-task.ts";
import { assertFailure, assertSilent } from "../scenario/expected-messages.ts";
import { type Scene, scenario, story } from "../scenario/scenario.ts";
import { changes, creation, registration } from "../scenario/task-requests.ts";
import { line } from "../scenario/wait-for-lines.ts";

// Both actions share these ways: `create` goes them on one node, `run` on each.
for (const [action, tell] of [
  ["run", scenario],
  ["create", story],
] as const) {
  describe(`A \`${action}\` step and a pool that`, () => {
    for (const role of ["User", "Reader"] as const) {
      tell(`its build service may only see (${role}): EA502 names who needs which role`, async (scene) => {
        const { organization, ready } = scene.simulator;
        organization.setBuildServiceRole(ready.pool, ready.project, role);
        scene.expectRefusal(/^403 devops POST .*\/agents$/);
        const main = await scene.step({ action }).execute();
        assert.equal(main.result, "failed");
        assertFailure(
          main,
          "EA502",
          /AccessDeniedException: .*Shop Build Service \(contoso\).*\(HTTP 403\)\n {2}Page: https:\S+&view=security$/,
        );
        assert.equal(scene.simulator.requests.entries.filter(creation).length, 0, "nothing is made in Azure");
        assertSilent(await runPostJob(main));
      });
    }

    story("a personal access token may only see: EA502", async (scene) => {
      scene.expectRefusal(/^403 devops POST .*\/agents$/);
      const { token } = scene.simulator.organization.issuePersonalAccessToken("Reader");
      const main = await scene.step({ action, azureDevOpsToken: token }).execute();
      assertFailure(main, "EA502", /AccessDeniedException/);
      assert.ok(!main.log.includes(token));
    });

    story("knows its token no more: EA501", async (scene) => {
      scene.expectRefusal(/^401 devops /);
      const issued = scene.simulator.organization.issuePersonalAccessToken("Administrator");
      issued.revoke();
      const main = await scene.step({ action, azureDevOpsToken: issued.token }).execute();
      assertFailure(main, "EA501");
      assert.deepEqual(changes(scene.simulator), []);
    });

    story(
      "answers its token with a sign-in page: EA501",
      async (scene) => {
        const issued = scene.simulator.organization.issuePersonalAccessToken("Administrator");
        issued.revoke();
        const main = await scene.step({ action, azureDevOpsToken: issued.token }).execute();
        assertFailure(main, "EA501", /sign-in page/);
      },
      { organization: { unauthenticated: "203" } },
    );
  });
}

describe("A step whose services stumble", () => {
  const busy: FaultEffect = { status: 503, body: { message: "The service is busy." } };
  for (const [what, fault, refusal] of [
    ["the look for the pool", { site: "devops", path: "/pools", effect: busy }, /^503 devops /],
    ["the registration", { site: "devops", method: "POST", path: /\/agents/, effect: busy }, /^503 devops POST /],
    [
      "the answer to the registration",
      { site: "devops", method: "POST", path: /\/agents/, effect: { loseAnswer: true } as const },
      /^0 devops POST /,
    ],
    [
      "the answer to the creation",
      { site: "arm", method: "PUT", path: /containerGroups/, effect: { loseAnswer: true } as const },
      /^0 arm PUT /,
    ],
    // Which the identity library asks for again by itself, without a word.
    ["the token of Entra", { site: "login", method: "POST", effect: busy }, /^503 login /],
    ["the deletion of the record", { site: "devops", method: "DELETE", path: /\/agents\//, effect: busy }, /^503 /],
    ["the deletion of the group", { site: "arm", method: "DELETE", effect: busy }, /^503 arm DELETE /],
  ] as const) {
    story(`tries again where ${what} failed once, and makes one agent of it`, async (scene) => {
      const { simulator } = scene;
      scene.expectRefusal(refusal);
      const added = simulator.faults.add({ ...fault, times: 1 });
      const step = scene.step({ action: "run" });
      const ended = step.execute();
      await line(step.lines, /container group requested/);
      const { outcome } = step.queueJob("true", [`EphemeralAgent.Run -equals ${step.run.id}`]);
      assert.equal((await outcome).result, "succeeded");
      const main = await ended;
      assert.equal(main.result, "succeeded", main.log);
      assert.equal(added.hits, 1);
      assert.deepEqual(main.issues, []);
      if (what !== "the token of Entra") assert.match(main.log, /Trying again in \d+ s\.$/m);
      const served = simulator.requests.entries.filter(({ status }) => status !== 503);
      assert.equal(served.filter(registration).length, 1);
      assert.equal(served.filter(creation).length, 1, "a second PUT would restart the container");
    });
  }
});

describe("A sign-in page instead of an answer", () => {
  story(
    "is not taken for a record that is gone: what could not be removed is named",
    async (scene) => {
      const { simulator } = scene;
      simulator.arm.inject("does-nothing");
      const issued = simulator.organization.issuePersonalAccessToken("Administrator");
      const step = scene.step({ action: "run", azureDevOpsToken: issued.token });
      const ended = step.execute();
      await line(step.lines, /container running$/);
      issued.revoke();
      const main = await ended;
      assert.equal(main.result, "failed");
      const codes = main.issues.map(({ code }) => code);
      assert.deepEqual(codes.slice(0, 2), ["EA508", "EA801"], main.log);
      const [name] = simulator.leftBehind().agents;
      const stays = main.issues.find(({ code }) => code === "EA801");
      assert.match(stays?.message ?? "", new RegExp(`${name} \\(agent pool 'ephemeral-agents'\\)`));
      const post = await runPostJob(main);
      assert.deepEqual(
        post.issues.map(({ type, code }) => ({ type, code })),
        [{ type: "warning", code: "EA501" }],
      );
      // Another token still finds everything.
      step.run.complete("failed");
      assert.equal((await scene.step({ action: "sweep" }).execute()).result, "succeeded");
    },
    { organization: { unauthenticated: "203" } },
  );

  const page = "<!DOCTYPE html><html><head><title>Azure DevOps Services | Sign In</title></head></html>";
  story("is not taken for a run that is over: its agent is left alone", (scene) =>
    leavesAlone(
      scene,
      { status: 203, headers: { "content-type": "text/html" }, body: page },
      /the state of a run could not be read: localhost:\d+ answered 203 with its sign-in page/,
    ),
  );
});

describe("A run that the service does not know, or hides from this pipeline,", () => {
  const message = "The requested build could not be found.";
  story("is not taken for one that is over: its agent is left alone", async (scene) => {
    scene.expectRefusal(/^404 devops GET .*\/_apis\/build\/builds\/\d+$/i);
    await leavesAlone(scene, { status: 404, body: { typeKey: "BuildNotFoundException", message } });
  });
});

/** A sweep gets this answer about the run of an agent. */
async function leavesAlone(scene: Scene, effect: FaultEffect, why?: RegExp): Promise<void> {
  const { simulator } = scene;
  const created = scene.step({ action: "create" });
  await created.execute();
  const path = new RegExp(`/builds/${created.run.id}(\\?|$)`, "i");
  const added = simulator.faults.add({ site: "devops", path, effect });
  const swept = await scene.step({ action: "sweep" }).execute();
  assert.ok(added.hits > 0);
  assert.match(swept.log, /^eph-\S+ .*kept +expires in \d+ min$/m);
  if (why) assert.match(swept.log, why);
  assert.equal(simulator.leftBehind().agents.length, 1);
  simulator.faults.clear();
  created.run.complete("succeeded");
  await scene.step({ action: "sweep" }).execute();
}
