// What people get wrong in their first set-up, and what the end of the log tells them: cause, next step, and nothing twice.
import assert from "node:assert/strict";
import { projectConnections } from "../../../simulator/pipeline-runner/service-connections/project-connections.ts";
import { deployJob, pipeline, taskJob } from "../scenario/pipelines.ts";
import { type Scene, story } from "../scenario/scenario.ts";
import { changes, creation } from "../scenario/task-requests.ts";
import { assertReads } from "./told.ts";

interface Mistake {
  readonly inputs?: Readonly<Record<string, string>>;
  readonly refusals?: readonly RegExp[];
}

/** What is wrong, by the name of the text that tells it. */
const mistakes: Readonly<Record<string, (scene: Scene) => Mistake>> = {
  "wrong-pool": () => ({ inputs: { agentPool: "ephemeral-agent" } }),
  "hidden-pool": ({ simulator: { organization, ready } }) => {
    organization.setBuildServiceRole(ready.pool, ready.project, null);
    return {};
  },
  "no-right-on-the-pool": ({ simulator: { organization, ready } }) => {
    organization.setBuildServiceRole(ready.pool, ready.project, "User");
    return { refusals: [/^403 devops POST .*\/agents$/] };
  },
  "forgotten-token": () => ({ inputs: { azureDevOpsToken: "$(agentPoolPat)" } }),
  "subnet-not-delegated": ({ simulator: { ready } }) => ({
    inputs: { subnetId: ready.subnetId.replace("snet-agents", "snet-apps") },
    refusals: [/^400 arm PUT /],
  }),
  "wrong-subnet": ({ simulator: { ready } }) => ({
    inputs: { subnetId: ready.subnetId.replace("snet-agents", "snet-agent") },
    refusals: [/^400 arm PUT /],
  }),
  // The step ends while it still reads what it would need besides.
  "wrong-region": () => ({ inputs: { location: "northeurope" }, refusals: [/^0 devops GET /] }),
  "private-image": ({ simulator: { ready } }) => ({
    inputs: { imageName: ready.privateImage },
    refusals: [/^400 arm PUT /],
  }),
  "wrong-tag": ({ simulator: { ready } }) => ({
    inputs: { imageName: ready.image.replace(/:latest$/, ":lastest") },
    refusals: [/^400 arm PUT /],
  }),
  "wrong-service-connection": ({ simulator: { arm, ready } }) => {
    arm.access.revoke(ready.clientObjectId);
    return { refusals: [/^403 arm /, /^0 devops GET /] };
  },
};

/** A job gets the connections that it names: the agent masks what is in them. */
const own = ({ simulator }: Scene) =>
  projectConnections(simulator).filter(({ name }) => name === "azure-private-deployments");

describe("A newcomer's mistake is told with its cause and the next step:", () => {
  for (const [name, make] of Object.entries(mistakes)) {
    story(name.replaceAll("-", " "), async (scene) => {
      const { inputs = {}, refusals = [] } = make(scene);
      scene.expectRefusal(...refusals);
      const main = await scene.step({ action: "create", ...inputs }, { endpoints: own(scene) }).execute();
      assert.equal(main.result, "failed");
      assertReads(name, main, scene.simulator);
    });
  }

  story("no placeholder beside run, seen before anything is made", async (scene) => {
    const { simulator } = scene;
    const run = scene.pipeline(pipeline(taskJob(simulator, "agent", { action: "run" }), deployJob(simulator, "true")));
    const report = await run.done;
    assert.equal(report.result, "failed");
    assertReads("no-placeholder", report.jobs.agent ?? assert.fail(), simulator);
    assert.deepEqual(changes(simulator), [], "nothing is made, and no container paid for");
    assert.equal(simulator.requests.entries.filter(creation).length, 0);
  });
});

describe("One cause is one error:", () => {
  story("a clean-up after a creation that failed over the pool has nothing to remove", async (scene) => {
    const { simulator } = scene;
    const inputs = { agentPool: "ephemeral-agent" };
    const jobs = [
      taskJob(simulator, "create", { action: "create", ...inputs }),
      taskJob(simulator, "cleanup", { action: "remove", ...inputs }, { dependsOn: "create", condition: "always()" }),
    ];
    const report = await scene.pipeline(pipeline(...jobs)).done;
    assert.equal(report.jobs.create?.result, "failed");
    const { result, issues, log } = report.jobs.cleanup ?? assert.fail();
    assert.deepEqual({ result, issues }, { result: "succeeded", issues: [] }, log.join("\n"));
    assert.ok(
      log.some((line) => line.startsWith("There is nothing to remove: ")),
      log.join("\n"),
    );
  });
});
