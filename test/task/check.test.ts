// `check` as users have it: the built bundle, on every node that agents bring.
import assert from "node:assert/strict";
import { azureConnection } from "../../simulator/pipeline-runner/service-connections/project-connections.ts";
import { assertUntouched, changes, perfect } from "./check/set-up.ts";
import { type FinishedTask, runPostJob } from "./harness/run-task.ts";
import { assertFailure, assertSilent, assertWarning } from "./scenario/expected-messages.ts";
import { askOrganization } from "./scenario/manual-changes.ts";
import { type Scene, scenario } from "./scenario/scenario.ts";
import { marking, registration } from "./scenario/task-requests.ts";

/** A registry asks everybody who they are before it shows a manifest. */
const challenge = /^401 registry HEAD /;

/** One check, and its post-job step, which has nothing to do. */
async function checked(
  scene: Scene,
  inputs: Readonly<Record<string, string>> = {},
  part?: Parameters<Scene["step"]>[1],
): Promise<FinishedTask> {
  scene.expectRefusal(challenge);
  const main = await scene.step({ action: "check", ...inputs }, part).execute();
  assertSilent(await runPostJob(main));
  return main;
}

const lines = (log: string, level: string) =>
  log.split("\n").flatMap((raw) => {
    const line = raw.replace(/^##\[\w+\]/, "");
    return line.startsWith(`${level} `) ? [line.slice(13)] : [];
  });

const flaws = (log: string) => [...lines(log, "warning"), ...lines(log, "wrong")];

describe("The built task's `check`", () => {
  scenario("prints only ok for a set-up that nothing is wrong with, and changes nothing", async (scene) => {
    perfect(scene.simulator);
    const main = await checked(scene);
    assert.equal(main.result, "succeeded", main.log);
    assert.deepEqual(main.issues, []);
    assert.deepEqual([...flaws(main.log), ...lines(main.log, "not checked")], []);
    assert.equal(lines(main.log, "ok").length, 23, main.log);
    assertUntouched(scene.simulator);
  });

  scenario("names a wrong secret, and what it did not look at therefore", async (scene) => {
    const { simulator } = scene;
    perfect(simulator);
    scene.expectRefusal(/^401 login POST /);
    const clientSecret = "this-is-not-the-secret";
    const wrong = azureConnection("azure-private-deployments", { ...simulator.ready, clientSecret });
    const main = await checked(scene, {}, { endpoints: [wrong] });
    assert.equal(main.result, "failed");
    assertFailure(main, "EA110", /^Azure sign-in: /);
    assert.equal(flaws(main.log).length, 1, main.log);
    assert.equal(lines(main.log, "not checked").length, 1, main.log);
    assert.ok(!main.log.includes(clientSecret));
    assertUntouched(simulator);
  });

  scenario("names a right that the token lacks in the pool", async (scene) => {
    const { organization, ready } = scene.simulator;
    perfect(scene.simulator);
    organization.setBuildServiceRole(ready.pool, ready.project, "User");
    const main = await checked(scene);
    assertFailure(main, "EA110", /^rights in pool ephemeral-agents: Shop Build Service \(contoso\) may not /);
    assert.equal(flaws(main.log).length, 1, main.log);
    assertUntouched(scene.simulator);
  });

  scenario("only warns of what a run can do without", async (scene) => {
    const { organization, ready } = scene.simulator;
    perfect(scene.simulator);
    organization.setAutoUpdate(ready.pool, true);
    const main = await checked(scene);
    assert.equal(main.result, "succeededWithIssues");
    assertWarning(main, "EA111", /^automatic update in pool ephemeral-agents: on$/);
    assertUntouched(scene.simulator);
  });

  scenario("adds a placeholder where it is asked to, and nothing else", async (scene) => {
    const { simulator } = scene;
    const { organization, requests } = simulator;
    perfect(simulator);
    const main = await checked(scene, { capabilities: "network=vnet-shop", addPlaceholder: "true" });
    assert.equal(main.result, "succeeded", main.log);
    assert.match(main.log, /^##\[section\]ok +placeholder +agent eph-placeholder was added$/m);
    assert.equal(requests.entries.filter(registration).length, 1);
    assert.equal(requests.entries.filter(marking).length, 1);
    assert.equal(changes(simulator).length, 2);
    const added = organization.agents().find(({ seeded }) => !seeded) ?? assert.fail("nothing was added");
    // The scenario must leave nothing.
    const path = `_apis/distributedtask/pools/1/agents/${added.id}`;
    await askOrganization(simulator, organization.pat, path, { method: "DELETE" });
  });
});
