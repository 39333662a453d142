// Failures that real services were recorded with, as the built task meets them: it gets over what passes, and names the rest.
import assert from "node:assert/strict";
import { type RecordedFailure, recordedFailure } from "../../simulator/http/recorded-failures.ts";
import { assertFailure } from "./scenario/expected-messages.ts";
import { type Scene, story } from "./scenario/scenario.ts";
import { creation } from "./scenario/task-requests.ts";

const groupPath = /\/containerGroups\/[^/?]+(\?|$)/i;

/** Makes an agent, lets it run a job, and removes it. */
async function serve(scene: Scene): Promise<void> {
  const step = scene.step({ action: "create", timeoutAgentOnline: "0" });
  const created = await step.execute();
  assert.equal(created.result, "succeeded", created.log);
  const job = step.queueJob("true", [`EphemeralAgent.Run -equals ${step.run.id}`]);
  const removed = await scene.step({ action: "remove" }, { run: step.run }).execute();
  assert.equal(removed.result, "succeeded", removed.log);
  assert.equal((await job.outcome).result, "succeeded");
}

describe("A recorded failure that passes", () => {
  story("a gateway's timeout at the PUT: the group that was made all the same is taken", async (scene) => {
    scene.expectRefusal(/^504 arm PUT /);
    const fault = scene.simulator.faults.add(recordedFailure("gateway timeout"));
    await serve(scene);
    assert.equal(fault.hits, 1);
    assert.equal(scene.simulator.arm.containerGroups().length, 0);
  });

  story("a retryable error at the PUT: it is sent again", async (scene) => {
    scene.expectRefusal(/^429 arm PUT /);
    const fault = scene.simulator.faults.add({ ...recordedFailure("not provisioned yet"), path: groupPath });
    await serve(scene);
    assert.equal(fault.hits, 1);
    assert.ok(scene.simulator.requests.entries.filter(creation).length >= 2);
  });

  story("an internal error at the PUT: it is sent again", async (scene) => {
    scene.expectRefusal(/^500 arm PUT /);
    const fault = scene.simulator.faults.add({ ...recordedFailure("restart fails"), method: "PUT", path: groupPath });
    await serve(scene);
    assert.equal(fault.hits, 1);
  });

  for (const name of ["page of unavailability", "collection stopped"] as const) {
    story(`a 503 of Azure DevOps (${name}): the request is sent again`, async (scene) => {
      scene.expectRefusal(/^503 devops GET /);
      const fault = scene.simulator.faults.add({ ...recordedFailure(name), method: "GET", path: "/agents" });
      await serve(scene);
      assert.equal(fault.hits, 1);
    });
  }
});

describe("A recorded failure that stays", () => {
  /** Struck whenever it is asked. */
  const always = (name: RecordedFailure) => recordedFailure(name, Number.POSITIVE_INFINITY);

  story("a body that is too large: told with the status", async (scene) => {
    scene.expectRefusal(/^413 arm PUT /);
    const fault = scene.simulator.faults.add(always("content too large"));
    const main = await scene.step({ action: "create" }).execute();
    assertFailure(main, "EA914", /answered 413 with nothing in it\. \(HTTP 413\)/);
    assert.ok(fault.hits >= 1);
  });

  story("a collection that is stopped: told in the service's words", async (scene) => {
    scene.expectRefusal(/^503 devops /);
    scene.simulator.faults.add(always("collection stopped"));
    const main = await scene.step({ action: "create" }).execute();
    assertFailure(main, "EA510", /TF24668: The following team project collection is stopped: contoso\./);
  });

  story("a page of unavailability: told as what it is", async (scene) => {
    scene.expectRefusal(/^503 devops /);
    scene.simulator.faults.add(always("page of unavailability"));
    const main = await scene.step({ action: "create" }).execute();
    assertFailure(main, "EA914", /answered 503 with a page titled 'Unavailable'\. \(HTTP 503\)/);
  });
});
