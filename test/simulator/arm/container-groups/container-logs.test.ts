import assert from "node:assert/strict";
import { apiVersion, errorOf, plainGroup, type Stand, startStand } from "../azure-fixture.ts";

describe("the log of a container", () => {
  let stand: Stand;
  before(async () => {
    stand = await startStand();
  });
  after(() => stand.stop());

  const logs = (name: string, query = "", container = "agent") =>
    stand.call(`${stand.groupsPath}/${name}/containers/${container}/logs?${apiVersion}${query}`);
  const content = async (name: string, query?: string) =>
    ((await logs(name, query)).json() as { content: string }).content;
  async function ended(name: string, script: string): Promise<void> {
    await stand.put(name, plainGroup(stand, {}, { command: ["/bin/bash", "-c", script] }));
    await stand.arm.containerGroup(name).when(({ state }) => state === "Succeeded" || state === "Failed");
  }

  it("is not available before the container has started", async () => {
    stand.arm.inject("never-starts", { group: /^pending$/ });
    await stand.put("pending", plainGroup(stand));
    const answer = await logs("pending");
    assert.deepEqual([answer.status, errorOf(answer).code], [404, "ContainerLogNotAvailable"]);
  });

  it("is found by the container's name only", async () => {
    await ended("named", "echo hello");
    const answer = await logs("named", "", "named");
    assert.deepEqual([answer.status, errorOf(answer).code], [404, "ContainerNotFound"]);
    assert.equal((await logs("none")).status, 404);
    assert.equal(await content("named"), "hello\n");
  });

  it("can be read from its end, and with times", async () => {
    await ended("tailed", "echo one; echo two; echo three");
    assert.equal(await content("tailed", "&tail=2"), "two\nthree\n");
    assert.equal(await content("tailed", "&tail=0"), "");
    assert.match(await content("tailed", "&tail=1&timestamps=true"), /^\d{4}-\d\d-\d\dT\S+Z three\n$/);
    assert.equal((await logs("tailed", "&tail=-1")).status, 400);
    assert.equal((await logs("tailed", "&tail=some")).status, 400);
  });

  it("shrinks to 1000 lines when the container has ended", async () => {
    await ended("lines", "seq 1 3000");
    const lines = (await content("lines")).split("\n");
    assert.deepEqual([lines.length, lines[0], lines.at(-2)], [1001, "2001", "3000"]);
  });

  it("shrinks to 16 KB when the container has ended", async () => {
    await ended("bytes", "for i in $(seq 1 100); do printf '%01000d\\n' $i; done");
    assert.equal(Buffer.byteLength(await content("bytes")), 16 * 1024);
  });

  it("is lost with the container's state when the group is stopped", async () => {
    await stand.put("halted", plainGroup(stand, {}, { command: ["/bin/bash", "-c", "echo hello; sleep 1000"] }));
    await stand.arm.containerGroup("halted").when(({ state }) => state === "Running");
    await stand.call(`${stand.groupsPath}/halted/stop?${apiVersion}`, { method: "POST" }, stand.administrator);
    assert.equal(await content("halted"), "");
  });
});
