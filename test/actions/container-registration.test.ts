import assert from "node:assert/strict";
import { finish } from "../../EphemeralAgentTask/src/actions/post-job.ts";
import { sweep } from "../../EphemeralAgentTask/src/actions/sweep.ts";
import { MemoryTask } from "../in-memory/memory-task-host.ts";
import { identity, settings } from "../in-memory/valid-settings.ts";
import type { MemoryRecord } from "../in-memory/world-state.ts";
import { codeOf, Scenario, type Step } from "./in-memory-step.ts";

/**
 * What it registers tells nothing of its run where the image hides its environment from its agent: the task's marks come
 * after it. (The chaos schedules have images that do not.)
 */
describe("A record that a container made", () => {
  const portsOf = ({ clock, world: { host, pool, run } }: Scenario, task: MemoryTask) => ({
    clock,
    task,
    host,
    pool,
    run,
  });

  const never = Number.MAX_SAFE_INTEGER;

  /** The container registers itself so many milliseconds after it was asked for; whatever becomes of its group then. */
  function registering(s: Scenario, afterMs: number): Step {
    const { create } = s.world.host;
    s.world.behaviour.bootMs = 3_600_000;
    s.world.host.create = async (definition) => {
      s.clock.after(afterMs, () => {
        s.world.addRecord(definition.name, {}).systemCapabilities = { "Agent.Name": definition.name };
      });
      return create(definition);
    };
    return s.step("create", { registration: "container" });
  }

  /** The step dies with the request that would mark the record. */
  async function diesBeforeItsMarks(s: Scenario): Promise<{ readonly step: Step; readonly record: MemoryRecord }> {
    s.world.pool.setCapabilities = () => new Promise(() => undefined);
    const step = registering(s, 5_000);
    await s.clock.pass(10_000);
    const [record] = [...s.world.records.values()];
    assert.ok(record, "the container has registered");
    return { step, record };
  }

  async function postJob(s: Scenario, step: Step): Promise<readonly string[]> {
    const left = await s.clock.run(finish(portsOf(s, new MemoryTask()), identity(), step.task.ledger));
    return left.map((one) => one.code);
  }

  async function swept(s: Scenario): Promise<void> {
    const options = { ...settings(), run: identity("202"), minimumAgeMs: 0, dryRun: false };
    await s.clock.run(sweep(portsOf(s, new MemoryTask()), options));
  }

  it("goes with its container group, although a cancel came before its marks", async () => {
    const s = new Scenario();
    const { step } = await diesBeforeItsMarks(s);
    step.task.controller.abort();
    assert.match(codeOf(await s.finish(step)), /^Cancelled/);
    assert.deepEqual(await postJob(s, step), []);
    assert.deepEqual(s.left, []);
  });

  it("goes although it came while a cancel deleted its container group", async () => {
    const s = new Scenario();
    const step = registering(s, 5_000);
    await s.clock.pass(4_000);
    step.task.controller.abort();
    await s.finish(step);
    await s.clock.pass(2_000);
    assert.deepEqual(await postJob(s, step), []);
    assert.deepEqual(s.left, []);
  });

  it("goes although it came between the look at the pool and the end of its container group", async () => {
    const s = new Scenario();
    const step = registering(s, never);
    await s.clock.pass(10_000);
    const [name] = [...s.world.groups.keys()];
    const { remove } = s.world.host;
    s.world.host.remove = async (group) => {
      s.world.addRecord(group, {});
      return remove(group);
    };
    assert.deepEqual(await postJob(s, step), []);
    assert.deepEqual(s.left, [], name);
  });

  it("is found by a sweep when a job got in at that moment, and keeps it longer than the post-job step lasts", async () => {
    const s = new Scenario();
    const step = registering(s, never);
    await s.clock.pass(10_000);
    const { remove } = s.world.host;
    s.world.host.remove = () => Promise.reject(new Error("the machine is lost"));
    step.task.controller.abort();
    await s.finish(step);
    s.world.host.remove = async (group) => {
      const record = s.world.addRecord(group, {});
      const answer = await remove(group);
      record.online = true;
      s.world.queue({ runId: "555", projectId: "project-2", demands: [] });
      assert.ok(record.assigned);
      return answer;
    };
    assert.deepEqual(await postJob(s, step), ["EA802"]);
    s.world.host.remove = remove;
    const [record] = [...s.world.records.values()];
    assert.equal(record?.enabled, false);
    delete record?.assigned;
    s.world.over.add("101");
    await swept(s);
    assert.deepEqual(s.left, []);
  });

  it("is found by a sweep through its container group", async () => {
    const s = new Scenario();
    await diesBeforeItsMarks(s);
    s.world.over.add("101");
    await swept(s);
    assert.deepEqual(s.left, []);
  });

  it("is found by `remove` through its container group", async () => {
    const s = new Scenario();
    await diesBeforeItsMarks(s);
    s.timeline({ deploy: "skipped" });
    assert.equal(codeOf(await s.finish(s.step("remove"))), "succeeded");
    assert.deepEqual(s.left, []);
  });

  it("keeps its container group while a job is on it", async () => {
    const s = new Scenario();
    const { step, record } = await diesBeforeItsMarks(s);
    const [group] = [...s.world.groups.values()];
    assert.ok(group);
    group.container = { state: "Running", restartCount: 0 };
    record.online = true;
    s.world.queue({ runId: "555", projectId: "project-2", demands: [], lastsMs: 120_000 });
    assert.ok(record.assigned);
    step.task.controller.abort();
    await s.finish(step);
    assert.deepEqual(await postJob(s, step), []);
    assert.deepEqual(s.world.broken, []);
    assert.deepEqual(s.left, []);
  });

  for (const clean of ["sweep", "remove"] as const) {
    it(`of the same name is left alone by \`${clean}\` when the task registered the agent of the group`, async () => {
      const s = new Scenario();
      await s.finish(s.step("create"));
      const [name = ""] = [...s.world.groups.keys()];
      s.world.records.clear();
      const theirs = s.world.addRecord(name, { Team: "blue" });
      s.world.over.add("101");
      s.timeline({ deploy: "skipped" });
      if (clean === "sweep") await swept(s);
      else await s.finish(s.step("remove"));
      assert.deepEqual(s.left, [name]);
      assert.equal(theirs.enabled, true, "not ours, so not to be taken out of service either");
    });
  }
});
