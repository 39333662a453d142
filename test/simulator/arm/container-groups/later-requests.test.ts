import assert from "node:assert/strict";
import { apiVersion, plainGroup, type Stand, startStand } from "../azure-fixture.ts";

const running = (stand: Stand, name: string) => stand.arm.containerGroup(name).when(({ state }) => state === "Running");

describe("a container group", () => {
  let stand: Stand;
  before(async () => {
    stand = await startStand();
  });
  after(() => stand.stop());

  it("is deleted with its last state in the answer, is gone then, and gone without complaint a second time", async () => {
    await stand.put("doomed", plainGroup(stand, {}, { command: ["/bin/bash", "-c", "sleep 1000 & sleep 1000"] }));
    await running(stand, "doomed");
    const { rootFolder, exited } = stand.arm.containerGroup("doomed").deployment.running ?? {};
    assert.ok(rootFolder);
    const path = `${stand.groupsPath}/doomed?${apiVersion}`;
    const deleted = await stand.call(path, { method: "DELETE" });
    assert.equal(deleted.status, 200);
    assert.equal((deleted.json() as { name: string }).name, "doomed");
    assert.deepEqual([deleted.headers.location, deleted.headers["azure-asyncoperation"]], [undefined, undefined]);
    assert.deepEqual(await exited, { exitCode: 137 }, "without any grace");
    const read = await stand.call(path);
    assert.equal(read.status, 404);
    const again = await stand.call(path, { method: "DELETE" });
    assert.deepEqual([again.status, again.text], [204, ""]);
  });

  it("is still transitioning to whoever deletes it while somebody else does", async () => {
    await stand.put("twice", plainGroup(stand));
    const remove = () => stand.call(`${stand.groupsPath}/twice?${apiVersion}`, { method: "DELETE" });
    const answers = await Promise.all([remove(), remove()]);
    assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 409]);
  });

  it("can be deleted while it is being created", async () => {
    await stand.put("early", plainGroup(stand));
    assert.equal((await stand.call(`${stand.groupsPath}/early?${apiVersion}`, { method: "DELETE" })).status, 200);
    assert.equal((await stand.call(`${stand.groupsPath}/early?${apiVersion}`)).status, 404);
  });

  it("is still transitioning to whoever changes it too early", async () => {
    const started = stand.arm.inject("never-starts", { times: 1 });
    await stand.put("hurried", plainGroup(stand));
    const answers = [
      await stand.put("hurried", plainGroup(stand)),
      await stand.call(`${stand.groupsPath}/hurried/stop?${apiVersion}`, { method: "POST" }, stand.administrator),
    ];
    for (const answer of answers) {
      assert.equal(answer.status, 409);
      assert.equal(JSON.parse(answer.text).error.code, "ContainerGroupTransitioning");
    }
    assert.equal(started.hits, 1);
  });

  it("is deployed anew by another PUT, and refuses a change that needs deletion", async () => {
    await stand.put("updated", plainGroup(stand, {}, { environmentVariables: [{ name: "VERSION", value: "one" }] }));
    await running(stand, "updated");
    const before = stand.arm.containerGroup("updated").deployment.running;
    const body = plainGroup(stand, {}, { environmentVariables: [{ name: "VERSION", value: "two" }] });
    const answer = await stand.put("updated", body);
    assert.equal(answer.status, 201);
    assert.match(answer.text, /"value":"two"/);
    assert.deepEqual(await before?.exited, { exitCode: 137 });
    await running(stand, "updated");
    const larger = await stand.put(
      "updated",
      plainGroup(stand, {}, { resources: { requests: { cpu: 2, memoryInGB: 2 } } }),
    );
    assert.equal(larger.status, 400);
    const moved = await stand.put("updated", plainGroup(stand, {}, {}, { location: "northeurope" }));
    assert.equal(JSON.parse(moved.text).error.code, "InvalidResourceLocation");
  });

  it("can be stopped, started and restarted", async () => {
    const { containerGroups } = stand.client(stand.administrator);
    await stand.put("paused", plainGroup(stand));
    await running(stand, "paused");
    await containerGroups.stop(stand.resourceGroup, "paused");
    assert.equal((await containerGroups.get(stand.resourceGroup, "paused")).instanceView?.state, "Stopped");
    await containerGroups.beginStartAndWait(stand.resourceGroup, "paused");
    await running(stand, "paused");
    const before = stand.arm.containerGroup("paused").deployment;
    await containerGroups.beginRestartAndWait(stand.resourceGroup, "paused");
    assert.notEqual(stand.arm.containerGroup("paused").deployment, before);
  });

  it("takes new tags by PATCH and nothing else", async () => {
    await stand.put("tagged", plainGroup(stand));
    await stand.client().containerGroups.update(stand.resourceGroup, "tagged", { tags: { KeepUntil: "tomorrow" } });
    assert.deepEqual((await stand.client().containerGroups.get(stand.resourceGroup, "tagged")).tags, {
      KeepUntil: "tomorrow",
    });
  });
});
