// The samples as they are, run by the built bundle: what a user copies works, from an empty pool to an empty pool.
import assert from "node:assert/strict";
import { ownValues } from "../../scripts/demo/prepare/sample-values.ts";
import { prepareStandbyPool } from "../../scripts/demo/prepare/standby-pool.ts";
import { storedBlobs } from "../../scripts/demo/prepare/storage.ts";
import { azuriteProgram } from "../../simulator/storage/install-azurite.ts";
import { templateFiles } from "../templates/using.ts";
import {
  assertAllSucceeded,
  assertAnnounced,
  assertDeployed,
  assertSelfDestructed,
  job,
  madeIn,
  sample,
  text,
} from "./sample-runs.ts";
import { assertFailure } from "./scenario/expected-messages.ts";
import { scenario, story } from "./scenario/scenario.ts";

describe("The samples, by the built bundle", () => {
  before(async function () {
    this.timeout(300_000);
    await azuriteProgram(console.log);
  });

  scenario("parallel: the agent's job and the deployment side by side, in a pool with a placeholder", async (scene) => {
    scene.simulator.organization.addPlaceholder(scene.simulator.ready.pool);
    const run = scene.pipeline(sample("parallel"));
    const report = await run.done;
    assertAllSucceeded(report);
    const agent = job(report, "agent");
    assertAnnounced(text(agent));
    const { name } = madeIn(text(agent), scene, agent.outputs, "EphemeralAgent");
    assertDeployed(scene, run, report, name);
    assert.match(text(agent), new RegExp(`^\\[ +\\d+ s\\] ${name}: job finished: succeeded$`, "m"));
    assert.match(text(agent), new RegExp(`^\\[ +\\d+ s\\] ${name}: agent unregistered$`, "m"));
    assert.match(text(agent), new RegExp(`^\\[ +\\d+ s\\] ${name}: container group deleted$`, "m"));
    assert.equal(run.progress.items.at(-1), "Run the deployment's agent: 100 done");
  });

  scenario("sequential: create, deploy, remove, in an empty pool", async (scene) => {
    const run = scene.pipeline(sample("sequential"));
    const report = await run.done;
    assertAllSucceeded(report);
    const [created, removed] = [job(report, "create"), job(report, "remove")];
    assertAnnounced(text(created));
    const { name } = madeIn(text(created), scene, created.outputs, "create");
    assertDeployed(scene, run, report, name);
    assert.match(text(created), new RegExp(`^\\[ +\\d+ s\\] ${name}: online$`, "m"));
    assert.equal(run.progress.items.at(-1), "Create the agent: 100 online");
    assert.match(text(removed), new RegExp(`^Removing once their job is done: ${name}$`, "m"));
    assert.match(text(removed), new RegExp(`^\\[ +\\d+ s\\] ${name}: job finished: succeeded$`, "m"));
    assert.match(text(removed), new RegExp(`^\\[ +\\d+ s\\] ${name}: agent unregistered$`, "m"));
    assert.match(text(removed), new RegExp(`^\\[ +\\d+ s\\] ${name}: container group deleted$`, "m"));
  });

  scenario("deploy: the template, in an empty pool", async (scene) => {
    const run = scene.pipeline(sample("deploy"), { files: templateFiles, variables: ownValues(scene.simulator) });
    const report = await run.done;
    assertAllSucceeded(report);
    const name = job(report, "deploy_app").agentName;
    const { deployments } = scene.simulator.network.privateResource;
    assert.deepEqual([...deployments], [[String(run.id), `build ${run.id}`]]);
    assert.match(
      text(job(report, "deploy_app_remove")),
      new RegExp(`^\\[ +\\d+ s\\] ${name}: container group deleted$`, "m"),
    );
  });

  scenario("standby: the template, with an agent that waits in a standby pool", async (scene) => {
    const { simulator } = scene;
    await prepareStandbyPool(simulator, sample("standby"), () => undefined);
    const run = scene.pipeline(sample("standby"), { files: templateFiles, variables: ownValues(simulator) });
    const report = await run.done;
    assertAllSucceeded(report);
    assert.match(text(job(report, "deploy_app_create")), /container group claimed from standby pool 'agents'/);
    assert.deepEqual([...simulator.network.privateResource.deployments], [[String(run.id), `build ${run.id}`]]);
  });

  story("check: all is well, or not checked, and nothing leaves the machine", async (scene) => {
    const { simulator } = scene;
    simulator.organization.setAutoUpdate(simulator.ready.pool, false);
    scene.expectRefusal(/^401 registry HEAD /, /^403 arm (?:GET|POST \S+\/checkPolicyRestrictions$)/);
    const report = await scene.pipeline(sample("check"), { variables: ownValues(simulator) }).done;
    assertAllSucceeded(report);
    const levels = job(report, "Job").log.flatMap((line) => /^##\[(error|warning)\]/.exec(line)?.[1] ?? []);
    assert.deepEqual(levels, [], text(job(report, "Job")));
    assert.match(
      text(job(report, "Job")),
      /^##\[section\]ok +image +contoso\.azurecr\.io\/azure-pipelines-agent:latest /m,
    );
    assert.deepEqual(simulator.outside.refused, []);
  });

  story("check: a registry that the simulator does not have is refused by name", async (scene) => {
    const { simulator } = scene;
    scene.expectRefusal(/^403 arm (?:GET|POST \S+\/checkPolicyRestrictions$)/);
    const yaml = sample("check")
      .replace("contoso.azurecr.io", "fabrikam.azurecr.io")
      .replace(/.*registryIdentity.*\n/, "");
    const report = await scene.pipeline(yaml, { variables: ownValues(simulator) }).done;
    assert.equal(report.result, "failed");
    assert.ok(simulator.outside.refused.every((host) => host === "fabrikam.azurecr.io:443"));
    assert.match(text(job(report, "Job")), /^##\[error\]wrong +image /m);
  });

  scenario("watched: create without waiting, then deploy and remove side by side, in an empty pool", async (scene) => {
    const run = scene.pipeline(sample("watched"));
    const report = await run.done;
    assertAllSucceeded(report);
    const [created, removed] = [job(report, "create"), job(report, "remove")];
    const { name } = madeIn(text(created), scene, created.outputs, "create");
    assertDeployed(scene, run, report, name);
    assert.doesNotMatch(text(created), /: online$/m, "the container starts while the deployment is waiting already");
    assert.equal(run.progress.items.at(-1), "Create the agent: 100 created");
    assert.match(text(removed), new RegExp(`^\\[ +\\d+ s\\] ${name}: job finished: succeeded$`, "m"));
    assert.match(text(removed), new RegExp(`^\\[ +\\d+ s\\] ${name}: container group deleted$`, "m"));
  });

  scenario(
    "self-destruct: create and deploy, in an empty pool; the container removes agent and group",
    async (scene) => {
      const run = scene.pipeline(sample("self-destruct"), { variables: ownValues(scene.simulator) });
      const report = await run.done;
      assertAllSucceeded(report);
      assert.deepEqual(Object.keys(report.jobs), ["create", "deploy"]);
      const created = text(job(report, "create"));
      assert.match(created, /^Registration: +by the container, which gets the token for that\./m);
      assert.match(created, /^Limits: +10 min without a job, 60 min in total$/m);
      assert.ok(!created.includes(scene.simulator.ready.pat), "the token is not shown");
      const [, name] = /\[ +\d+ s\] (\S+): container group requested /.exec(created) ?? [];
      assertDeployed(scene, run, report, name);
      await assertSelfDestructed(scene, 1);
    },
  );

  scenario("private-storage: the deployment signs in as its container's identity and leaves a blob", async (scene) => {
    const { simulator } = scene;
    const run = scene.pipeline(sample("private-storage"), { files: templateFiles, variables: ownValues(simulator) });
    const report = await run.done;
    assertAllSucceeded(report);
    const created = job(report, "deploy_app_create");
    const { name } = madeIn(text(created), scene, created.outputs, "create");
    assert.equal(job(report, "deploy_app").agentName, name);
    const content = (await simulator.storageAccount.blobs("deployments")).get("release.json")?.toString() ?? "";
    assert.equal(JSON.parse(content).build, String(run.id));
    assert.ok(job(report, "deploy_app").log.includes(content.trim()), "and the job has read it back");
    assert.doesNotMatch(text(job(report, "deploy_app")), /eyJ/, "no token is shown");
    const asked = simulator.requests.entries.filter(({ site }) => site === "storage");
    assert.deepEqual(
      asked.map(({ method, status, caller }) => ({ method, status, caller })),
      [
        { method: "PUT", status: 201, caller: "id-shop-agents" },
        { method: "GET", status: 200, caller: "id-shop-agents" },
      ],
    );
    const bytes = Buffer.byteLength(content);
    assert.deepEqual(await storedBlobs(simulator), [
      `private storage account shopdata: container deployments has release.json (${bytes} bytes)`,
    ]);
  });

  story("private-storage: an identity without the role deploys nothing, and the log says why", async (scene) => {
    const { simulator, expectRefusal } = scene;
    const variables = ownValues(simulator);
    const principalId = simulator.arm.identities.find(simulator.storageIdentityId())?.objectId ?? "";
    const kept = simulator.arm.access.of(principalId).filter(({ role }) => role.Name === "AcrPull");
    simulator.arm.access.revoke(principalId);
    for (const assignment of kept) simulator.arm.access.assign(assignment);
    expectRefusal(/^403 storage PUT .*\/deployments\/release\.json$/);
    const report = await scene.pipeline(sample("private-storage"), { files: templateFiles, variables }).done;
    assert.equal(job(report, "deploy_app").result, "failed");
    assert.match(text(job(report, "deploy_app")), /AuthorizationPermissionMismatch/);
    assert.deepEqual([...(await simulator.storageAccount.blobs("deployments"))], []);
  });

  // An address that nobody in the network answers at.
  const variables = { privateUrl: "http://nobody.shop.internal/" };

  story("parallel: a failed deployment fails the agent's job, and both run again with a new agent", async (scene) => {
    scene.simulator.organization.addPlaceholder(scene.simulator.ready.pool);
    const run = scene.pipeline(sample("parallel"), { variables });
    const first = await run.done;
    assert.equal(job(first, "deploy").result, "failed");
    assertFailure(job(first, "agent"), "EA701", /^job 'Deploy' of .*: failed$/);
    assert.deepEqual(scene.simulator.leftBehind(), { agents: [], containerGroups: [] });
    const second = await run.rerunFailed();
    assertFailure(job(second, "agent"), "EA701");
    assert.notEqual(job(second, "deploy").agentName, job(first, "deploy").agentName);
  });

  for (const name of ["sequential", "watched"]) {
    story(`${name}: a failed deployment is removed all the same, and so is a rerun of the stage`, async (scene) => {
      const run = scene.pipeline(sample(name), { variables });
      const first = await run.done;
      assert.equal(first.result, "failed");
      assert.deepEqual(
        ["create", "deploy", "remove"].map((each) => job(first, each).result),
        ["succeeded", "failed", "succeeded"],
      );
      assert.deepEqual(scene.simulator.leftBehind(), { agents: [], containerGroups: [] });
      const second = await run.rerunStage("production");
      assert.equal(job(second, "remove").result, "succeeded", text(job(second, "remove")));
      assert.equal(job(second, "deploy").result, "failed");
      assert.notEqual(job(second, "deploy").agentName, job(first, "deploy").agentName);
    });
  }

  story(
    "self-destruct: after a failed deployment the container goes too, and so after a rerun of the stage",
    async (scene) => {
      const given = { ...ownValues(scene.simulator), ...variables };
      const run = scene.pipeline(sample("self-destruct"), { variables: given });
      const first = await run.done;
      assert.equal(job(first, "deploy").result, "failed");
      await assertSelfDestructed(scene, 1);
      assert.deepEqual(scene.simulator.leftBehind(), { agents: [], containerGroups: [] });
      const second = await run.rerunStage("production");
      assert.equal(job(second, "create").result, "succeeded", text(job(second, "create")));
      assert.notEqual(job(second, "deploy").agentName, job(first, "deploy").agentName);
      await assertSelfDestructed(scene, 2);
    },
  );
});
