import assert from "node:assert/strict";
import { sweep } from "../../EphemeralAgentTask/src/actions/sweep.ts";
import { TaskError } from "../../EphemeralAgentTask/src/errors/catalog.ts";
import { keepUntilMark } from "../../EphemeralAgentTask/src/plan/owner-marks.ts";
import type { SweepSettings } from "../../EphemeralAgentTask/src/settings/settings.ts";
import { MemoryTask } from "../in-memory/memory-task-host.ts";
import { identity, settings } from "../in-memory/valid-settings.ts";
import { codeOf, Scenario } from "./in-memory-step.ts";

const hour = 3_600_000;

/** A world in which run 101 made one agent and was then killed. */
async function leftBehind(): Promise<Scenario> {
  const s = new Scenario();
  assert.equal(codeOf(await s.finish(s.step("create"))), "succeeded");
  return s;
}

async function swept(s: Scenario, options: Partial<SweepSettings> = {}): Promise<MemoryTask> {
  const task = new MemoryTask();
  const ports = { clock: s.clock, task, host: s.world.host, pool: s.world.pool, run: s.world.run };
  await s.clock.run(sweep(ports, { ...settings(), run: identity("202"), minimumAgeMs: 0, dryRun: false, ...options }));
  return task;
}

describe("A sweep", () => {
  it("removes what a run that is over left, and tells it in a table", async () => {
    const s = await leftBehind();
    s.world.over.add("101");
    const task = await swept(s);
    assert.deepEqual(s.left, []);
    assert.match(task.log, /eph-101-\w+ +record and container group +removed +run 101 has finished/);
  });

  it("leaves what a run that goes on made", async () => {
    const s = await leftBehind();
    assert.match((await swept(s)).log, /kept +run 101 is still running/);
    assert.equal(s.left.length, 2);
  });

  it("needs nothing but the expiry once that has passed", async () => {
    const s = await leftBehind();
    s.world.run.isOver = async () => undefined;
    await s.clock.pass(8 * hour);
    assert.match((await swept(s)).log, /removed +expired/);
    assert.deepEqual(s.left, []);
  });

  it("never takes a busy agent, although its run is over", async () => {
    const s = await leftBehind();
    s.world.queue({ runId: "101", lastsMs: 5 * hour });
    s.world.over.add("101");
    await s.clock.pass(4 * hour);
    assert.match((await swept(s)).log, /kept +busy with job 'deploy'/);
    assert.equal(s.left.length, 2);
  });

  it("sees a job that comes between the list and the removal", async () => {
    const s = await leftBehind();
    s.world.over.add("101");
    const isOver = s.world.run.isOver;
    s.world.run.isOver = async (runId) => {
      s.world.queue({ runId: "101", lastsMs: hour });
      return isOver(runId);
    };
    assert.match((await swept(s)).log, /kept +busy/);
    assert.equal(s.world.groups.size, 1);
  });

  it("takes what an earlier attempt of its own stage left", async () => {
    const s = await leftBehind();
    const task = await swept(s, { run: { ...identity("101"), attempt: "2" } });
    assert.match(task.log, /removed +made by attempt 1 of this stage/);
  });

  it("leaves what is kept for debugging, until its time", async () => {
    const s = await leftBehind();
    s.world.over.add("101");
    const [group] = s.world.groups.values();
    assert.ok(group);
    group.tags[keepUntilMark] = new Date(s.clock.date() + hour).toISOString();
    for (const record of s.world.records.values()) s.world.records.delete(record.id);
    assert.match((await swept(s)).log, /kept +kept for debugging until/);
    await s.clock.pass(2 * hour);
    await swept(s);
    assert.deepEqual(s.left, []);
  });

  for (const [what, mark, value] of [
    ["another organization's", "EphemeralAgent.Organization", "https://dev.azure.com/fabrikam/"],
    ["another project's", "EphemeralAgent.Project", "project-2"],
    ["a release's, from a build", "EphemeralAgent.HostType", "release"],
    ["unmarked", "EphemeralAgent.Run", ""],
  ] as const) {
    it(`never sees ${what} agents`, async () => {
      const s = await leftBehind();
      await s.clock.pass(20 * hour);
      for (const record of s.world.records.values()) record.capabilities[mark] = value;
      for (const group of s.world.groups.values()) group.tags[mark] = value;
      assert.match((await swept(s)).log, /There are no leftovers of this project/);
      assert.equal(s.left.length, 2);
    });
  }

  it("leaves a group whose record is in another pool", async () => {
    const s = await leftBehind();
    await s.clock.pass(20 * hour);
    for (const record of s.world.records.values()) s.world.records.delete(record.id);
    for (const group of s.world.groups.values()) group.tags["EphemeralAgent.Pool"] = "other";
    await swept(s);
    assert.equal(s.world.groups.size, 1);
  });

  /** The record of an agent whose container group is in another resource group; that group is not seen from here. */
  async function groupElsewhere(): Promise<Scenario> {
    const s = await leftBehind();
    const id = `${s.world.host.resourceGroupId.replace("rg-agents", "rg-others")}`;
    for (const record of s.world.records.values()) record.capabilities["EphemeralAgent.ResourceGroup"] = id;
    s.world.groups.clear();
    s.world.over.add("101");
    return s;
  }

  it("leaves the record whose group is in another resource group", async () => {
    const s = await groupElsewhere();
    assert.match((await swept(s)).log, /eph-101-\w+ +record +kept +its container group is in \/\S+\/rg-others$/m);
    assert.equal(s.left.length, 1);
    assert.equal(s.world.recordNamed(s.left[0] ?? "")?.enabled, true);
  });

  it("takes such a record once it has expired: its container has stopped itself by then", async () => {
    const s = await groupElsewhere();
    await s.clock.pass(8 * hour);
    const task = await swept(s);
    assert.match(task.log, /eph-101-\w+ +record +removed +expired/);
    assert.doesNotMatch(task.log, /container group/);
    assert.deepEqual(s.left, []);
  });

  it("never sees a placeholder", async () => {
    const s = new Scenario();
    s.world.placeholder();
    await s.clock.pass(20 * hour);
    await swept(s);
    assert.equal(s.world.records.size, 1);
  });

  it("removes nothing in a dry run", async () => {
    const s = await leftBehind();
    s.world.over.add("101");
    assert.match((await swept(s, { dryRun: true })).log, /would be removed/);
    assert.equal(s.left.length, 2);
  });

  it("takes with a minimum age only what expired so long ago", async () => {
    const s = await leftBehind();
    s.world.over.add("101");
    await s.clock.pass(8 * hour);
    assert.match((await swept(s, { minimumAgeMs: 2 * hour })).log, /kept +expired only/);
    await s.clock.pass(2 * hour);
    assert.match((await swept(s, { minimumAgeMs: 2 * hour })).log, /removed/);
  });

  it("goes on past a failure and fails at the end; the group of a record that stays, stays too", async () => {
    const s = await leftBehind();
    await s.finish(s.step("create"));
    s.world.over.add("101");
    const [first] = s.world.records.keys();
    const remove = s.world.pool.remove;
    s.world.pool.remove = async (id) => {
      if (id === first) throw new TaskError("EA502", "no right");
      return remove(id);
    };
    await assert.rejects(swept(s), { code: "EA803" });
    assert.equal(s.left.length, 2);
    assert.equal(new Set(s.left).size, 1, "record and group of the one that failed must both be left");
  });

  for (const action of ["run", "create"] as const) {
    it(`is not cut off by a ${action} that fails at once`, async () => {
      const s = await leftBehind();
      s.world.over.add("101");
      const list = s.world.host.list;
      s.world.host.list = async () => {
        await s.clock.sleep(2_000);
        return list();
      };
      s.world.pool.agentPackage = async () => {
        throw new TaskError("EA302", "no such network");
      };
      assert.equal(codeOf(await s.finish(s.step(action, { run: identity("202") }))), "EA302");
      assert.deepEqual(s.left, []);
    });
  }

  it("keeps a failure of its step waiting for some seconds at most", async () => {
    const s = new Scenario();
    s.world.host.list = () => new Promise(() => undefined);
    s.world.pool.agentPackage = async () => {
      throw new TaskError("EA302", "no such network");
    };
    const began = s.clock.now();
    assert.equal(codeOf(await s.finish(s.step("create"))), "EA302");
    assert.ok(s.clock.now() - began < 10_000);
  });

  it("comes before every run and create, and does not keep them waiting", async () => {
    const s = await leftBehind();
    s.world.over.add("101");
    const step = s.step("create", { run: identity("202") });
    const began = s.clock.now();
    assert.equal(codeOf(await s.finish(step)), "succeeded");
    assert.ok(s.left.every((name) => name.startsWith("eph-202-")));
    assert.match(step.task.log, /leftover eph-101-\w+ \(record and container group\): removed/);
    assert.ok(s.clock.now() - began < 25_000);
  });
});

describe("skipContainerDeletionOnError", () => {
  it("keeps a failed group: unregistered, stopped, until a stated time; then a sweep takes it", async () => {
    const s = new Scenario();
    s.world.behaviour.fate = "never comes online";
    const step = s.step("create", { keepOnError: true, onlineMs: 60_000 });
    assert.equal(codeOf(await s.finish(step)), "EA602");
    assert.equal(s.world.records.size, 0);
    const [group] = s.world.groups.values();
    assert.equal(group?.container?.state, "Terminated");
    assert.match(step.task.log, /kept for debugging until 2026-01-06T/);
    assert.deepEqual(step.task.open, [], "the post-job step must not remove it");
    await s.clock.pass(25 * hour);
    await swept(s, { run: identity("303") });
    assert.deepEqual(s.left, []);
  });

  it("keeps the group of a run as well", async () => {
    const s = new Scenario();
    s.timeline({ deploy: "inProgress" });
    s.world.behaviour.fate = "image cannot be pulled";
    assert.equal(codeOf(await s.finish(s.step("run", { keepOnError: true }))), "failed");
    assert.equal(s.world.records.size, 0);
    assert.equal(s.world.groups.size, 1);
  });
});
