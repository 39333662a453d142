// The samples as they are, run by the built bundle: what a user copies works, from an empty pool to an empty pool.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { ownValues } from "../../scripts/demo/own-values.ts";
import { selfDestructed } from "../../scripts/demo/self-destruct.ts";
import { prepareStandbyPool } from "../../scripts/demo/standby.ts";
import { storedBlobs } from "../../scripts/demo/storage.ts";
import type { JobReport, RunReport } from "../../simulator/runner/outcomes.ts";
import { azuriteProgram } from "../../simulator/storage/install-azurite.ts";
import { templateFiles } from "../templates/using.ts";
import { creation, deletion, registration, unregistration } from "./bundle/requests.ts";
import type { Pipeline } from "./bundle/run.ts";
import { assertFailure } from "./bundle/said.ts";
import { type Scene, scenario, story } from "./bundle/scenario.ts";

const sample = (name: string): string =>
  readFileSync(fileURLToPath(new URL(`../../samples/${name}/azure-pipelines.yml`, import.meta.url)), "utf8");

/** A job of a run, by its name. */
function job({ jobs }: RunReport, name: string): JobReport {
  const found = jobs[name];
  assert.ok(found, `the run has no job ${name}`);
  return found;
}

/** The one agent a run made, as the log of the job that made it tells of it; checked against what the services saw. */
function madeIn(text: string, { simulator }: Scene, outputs: JobReport["outputs"], step: string) {
  const registered = /\[ +\d+ s\] (\S+): registered in pool 'ephemeral-agents' as agent (\d+)/.exec(text);
  const requested = /\[ +\d+ s\] (\S+): container group requested \((\S+)\)/.exec(text);
  const [, name, agentId] = registered ?? [];
  const [, , groupId] = requested ?? [];
  assert.match(name ?? "", /^eph-\d+-[a-z0-9]{6}$/, text);
  assert.equal(requested?.[1], name);
  const prefix = `/subscriptions/${simulator.ready.subscriptionId}/resourceGroups/${simulator.ready.resourceGroup}`;
  assert.equal(groupId, `${prefix}/providers/Microsoft.ContainerInstance/containerGroups/${name}`);
  const of = (output: string) => outputs[`${step}.${output}`]?.value;
  assert.equal(of("agentName"), name);
  assert.equal(of("agentId"), agentId);
  assert.equal(of("containerGroupName"), name);
  assert.equal(of("containerGroupId"), groupId);
  assert.equal(of("ImageNameOutput"), name);
  assert.equal(of("ImageIdOutput"), groupId);
  return { name, agentId };
}

/** What is made, before it is: one line a fact. */
function assertAnnounced(text: string): void {
  assert.match(text, /^Agents: +1 in pool 'ephemeral-agents' \(agent package \d+\.\d+\.\d+\)$/m);
  assert.match(text, /^Image: +contoso\.azurecr\.io\/azure-pipelines-agent:latest$/m);
  assert.match(text, /^Resource group: +rg-ephemeral-agents$/m);
  assert.match(text, /^Container group: +1 CPU, 2 GB in westeurope, subnet snet-agents$/m);
  assert.match(text, /^Limits: +60 min without a job, 60 min in total$/m);
}

function assertAllSucceeded(report: RunReport): void {
  for (const [name, { result, issues, log }] of Object.entries(report.jobs)) {
    assert.deepEqual({ name, result, issues }, { name, result: "succeeded", issues: [] }, log.join("\n"));
  }
  assert.equal(report.result, "succeeded");
}

/** The deploy job ran on that agent, and what it deployed arrived, although nobody outside reaches it. */
function assertDeployed(
  { simulator }: Scene,
  { id }: Pipeline,
  report: RunReport,
  agentName: string | undefined,
): void {
  assert.equal(job(report, "deploy").agentName, agentName);
  const { deployments } = simulator.network.privateResource;
  assert.deepEqual([...deployments], [[String(id), `build ${id}`]]);
  assert.ok(job(report, "deploy").log.includes(`build ${id}`));
  const { entries } = simulator.requests;
  assert.equal(entries.filter(registration).length, 1);
  assert.equal(entries.filter(creation).length, 1);
}

const text = ({ log }: JobReport): string => log.join("\n");

/** Each container has deleted its own group, and before that its record; nobody else has deleted anything. */
async function assertSelfDestructed({ simulator, expectRefusal }: Scene, groups: number): Promise<void> {
  // The start script only looks whether the organization is there, and dies of the deletion before it is answered.
  expectRefusal(/^501 devops GET \/contoso\/$/, /^0 arm DELETE .*\/containerGroups\/[^/]+$/);
  await selfDestructed(simulator, () => undefined);
  assert.deepEqual(simulator.leftBehind(), { agents: [], containerGroups: [] });
  const { entries } = simulator.requests;
  assert.deepEqual(
    entries.filter(deletion).map(({ caller }) => caller),
    Array.from({ length: groups }, () => "id-agent-cleanup"),
  );
  assert.equal(entries.filter(unregistration).length, groups);
}

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
