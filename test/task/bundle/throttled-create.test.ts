// Azure asks to wait longer than a step can: the next of `fallbacks` is taken, or the step ends and says how long it would be.
import assert from "node:assert/strict";
import { answers } from "../../../simulator/http/network-failures.ts";
import { runPostJob } from "../harness/run-task.ts";
import { assertFailure, assertSilent } from "../scenario/expected-messages.ts";
import { story } from "../scenario/scenario.ts";
import { creation } from "../scenario/task-requests.ts";

const put = { site: "arm", method: "PUT", path: /\/containerGroups\// } as const;

describe("A creation that Azure puts off for hours", () => {
  for (const [answer, cause] of [
    ["429 for a day", /TooManyRequests: .*It asks to wait 100000 s, which is longer than this step waits\./],
    ["503 for an hour", /It asks to wait 3540 s, which is longer than this step waits\./],
  ] as const) {
    story(`(${answer}) ends the step with EA205 and the time`, async (scene) => {
      scene.expectRefusal(/^(429|503) arm PUT /);
      const refusing = scene.simulator.faults.add({ ...put, effect: answers[answer] });
      const main = await scene.step({ action: "create" }).execute();
      assert.equal(main.result, "failed");
      assertFailure(main, "EA205", cause);
      assert.equal(refusing.hits, 1, "it is not asked again");
      assert.deepEqual(scene.simulator.leftBehind(), { agents: [], containerGroups: [] });
      assertSilent(await runPostJob(main));
    });
  }

  story("takes the next of `fallbacks`", async (scene) => {
    scene.expectRefusal(/^429 arm PUT /);
    const { simulator } = scene;
    const refusing = simulator.faults.add({ ...put, times: 1, effect: answers["429 for a day"] });
    const step = scene.step({ action: "create", timeoutAgentOnline: "0", fallbacks: "CPU=2 memory=4" });
    const main = await step.execute();
    assert.equal(main.result, "succeeded", main.log);
    assert.equal(refusing.hits, 1);
    assert.equal(simulator.requests.entries.filter((one) => creation(one) && one.status !== 429).length, 1);
    assert.match(main.log, /Falling back to 2 CPU, 4 GB in westeurope, subnet snet-agents\.$/m);
    step.run.complete("failed");
    assert.equal((await scene.step({ action: "sweep" }).execute()).result, "succeeded");
  });
});

describe("Azure DevOps that asks in a good answer for fewer requests", () => {
  story("is left alone for so long", async ({ simulator, step }) => {
    const slower = simulator.faults.add({
      site: "devops",
      method: "GET",
      path: /\/pools\?/,
      times: 1,
      effect: { alter: (answer) => ({ ...answer, headers: { ...answer.headers, "retry-after": "2" } }) },
    });
    const main = await step({ action: "sweep" }).execute();
    assert.equal(main.result, "succeeded", main.log);
    assert.equal(slower.hits, 1);
    assert.match(main.log, /^\[ +\d+ s\] Azure DevOps asks for fewer requests: waiting [12] s\.$/m);
  });
});
