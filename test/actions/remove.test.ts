import assert from "node:assert/strict";
import { finish } from "../../EphemeralAgentTask/src/actions/post-job.ts";
import { ServiceFault, type TimelineRecord } from "../../EphemeralAgentTask/src/ports.ts";
import { MemoryTask } from "../in-memory/memory-task-host.ts";
import { identity, settings } from "../in-memory/valid-settings.ts";
import { codeOf, Scenario, type Step } from "./in-memory-step.ts";

const runJobs = { demands: ["EphemeralAgent.Run -equals 101"] };

describe("remove", () => {
  it("after the deploy job, removes what the run made without any output", async () => {
    const s = new Scenario();
    await s.finish(s.step("create"));
    s.world.queue({ runId: "101", ...runJobs });
    await s.clock.pass(90_000);
    s.timeline({ create: "skipped", deploy: "skipped" });
    const began = s.clock.now();
    assert.equal(codeOf(await s.finish(s.step("remove"))), "succeeded");
    assert.ok(s.clock.now() - began < 5_000, "a job that is over must not be waited for");
    assert.deepEqual(s.left, []);
  });

  it("beside the deploy job, watches the agent boot and work", async () => {
    const s = new Scenario();
    await s.finish(s.step("create", { onlineMs: 0 }));
    const job = s.world.queue({ runId: "101", ...runJobs });
    s.timeline({ deploy: "inProgress" });
    const step = s.step("remove");
    assert.equal(codeOf(await s.finish(step)), "succeeded");
    assert.equal(job?.result, "succeeded");
    assert.match(step.task.log, /online|running job 'deploy'/);
    assert.deepEqual(s.left, []);
  });

  it("reports a container that dies under the job it watches", async () => {
    const s = new Scenario();
    s.world.behaviour.fate = "dies under the job";
    await s.finish(s.step("create", { onlineMs: 0 }));
    s.world.queue({ runId: "101", ...runJobs });
    s.timeline({ deploy: "inProgress" });
    const step = s.step("remove");
    assert.equal(codeOf(await s.finish(step)), "failed");
    assert.match(step.task.errors.join(), /EA606/);
    assert.deepEqual(s.left, []);
  });

  it("removes an agent whose deploy job was skipped", async () => {
    const s = new Scenario();
    await s.finish(s.step("create"));
    s.timeline({ deploy: "skipped" });
    assert.equal(codeOf(await s.finish(s.step("remove"))), "succeeded");
    assert.deepEqual(s.left, []);
  });

  it("removes a record without a group and a group without a record", async () => {
    const s = new Scenario();
    await s.finish(s.step("create", { agentCount: 2, onlineMs: 0 }));
    const [first, second] = [...s.world.groups.keys()];
    s.world.groups.delete(first ?? "");
    for (const record of s.world.records.values()) if (record.name === second) s.world.records.delete(record.id);
    s.timeline({ deploy: "skipped" });
    assert.equal(codeOf(await s.finish(s.step("remove"))), "succeeded");
    assert.deepEqual(s.left, []);
  });

  /** `create` in a job of its own, from whose record to whose group it takes a minute. */
  function slowCreate(s: Scenario): Step {
    const { create: put } = s.world.host;
    s.world.host.create = async (definition) => {
      await s.clock.sleep(60_000);
      return put(definition);
    };
    return s.step("create", { run: { ...identity(), jobId: "create-job" } });
  }

  it("beside `create`, waits for the group of a record that is there already, then for its job", async () => {
    const s = new Scenario();
    s.timeline({ deploy: "inProgress" });
    s.world.timeline?.push({ id: "create-job", type: "Job", name: "create", state: "inProgress" });
    const creating = slowCreate(s);
    await s.clock.pass(1_000);
    const removing = s.step("remove");
    assert.equal(codeOf(await s.finish(creating)), "succeeded");
    const job = s.world.queue({ runId: "101", ...runJobs });
    assert.equal(codeOf(await s.finish(removing)), "succeeded");
    assert.match(removing.task.log, /eph-101-\w+: the job that creates it is still running; waiting/);
    assert.equal(job?.result, "succeeded");
    assert.deepEqual(s.left, []);
  });

  /** Record without a group, of a job in the given state; how long `remove` takes for it, in milliseconds. */
  async function removalOfHalf(state: TimelineRecord["state"] | undefined, onlineMs: number): Promise<number> {
    const s = new Scenario();
    await s.finish(s.step("create", { run: { ...identity(), jobId: "create-job" }, onlineMs }));
    s.world.groups.clear();
    s.timeline({ deploy: "skipped" });
    if (state) s.world.timeline?.push({ id: "create-job", type: "Job", name: "create", state });
    else s.world.timeline = undefined;
    const began = s.clock.now();
    assert.equal(codeOf(await s.finish(s.step("remove"))), "succeeded");
    assert.deepEqual(s.left, []);
    return s.clock.now() - began;
  }

  it("takes a half as soon as the rest would be seen when the job that began it is over", async () => {
    assert.ok((await removalOfHalf("completed", 0)) < 15_000);
  });

  it("takes a half only after five minutes when the timeline may not be read", async () => {
    const tookMs = await removalOfHalf(undefined, 0);
    assert.ok(tookMs >= 300_000 && tookMs < 330_000, `${tookMs} ms`);
  });

  it("leaves an agent to a job that may still be making it when the timeline may not be read", async () => {
    const s = new Scenario();
    s.world.timeline = undefined;
    const { create } = s.world.host;
    s.world.host.create = async (definition, signal) => {
      if (s.clock.now() >= 60_000) return create(definition, signal);
      throw new ServiceFault("Azure", "TooManyRequests", "slow", {
        status: 429,
        retryable: true,
        retryAfterMs: 20_000,
      });
    };
    const creating = s.step("create", { run: { ...identity(), jobId: "create-job" } });
    await s.clock.pass(5_000);
    const removing = s.step("remove", { idleMs: 600_000 });
    assert.equal(codeOf(await s.finish(creating)), "succeeded");
    assert.match(removing.task.log, /the job that creates it may still be running: this run's timeline cannot be read/);
    await s.finish(removing);
    assert.deepEqual(s.left, []);
  });

  it("takes at once what is left of an agent that was online, although the job that made it goes on", async () => {
    assert.ok((await removalOfHalf("inProgress", 60_000)) < 5_000);
  });

  it("takes for no half what a list does not show yet", async () => {
    const s = new Scenario();
    await s.finish(s.step("create"));
    s.timeline({ deploy: "inProgress" });
    const { list } = s.world.host;
    s.world.host.list = async () => [];
    const removing = s.step("remove");
    await s.clock.pass(5_000);
    s.world.host.list = list;
    const job = s.world.queue({ runId: "101", ...runJobs });
    assert.equal(codeOf(await s.finish(removing)), "succeeded");
    assert.equal(job?.result, "succeeded", "the agent must still be there for its job");
    assert.deepEqual(s.left, []);
  });

  it("waits no longer than an agent may take to come online for one that is still being made", async () => {
    const tookMs = await removalOfHalf("inProgress", 0);
    assert.ok(tookMs >= settings().onlineMs && tookMs < settings().onlineMs + 10_000, `${tookMs} ms`);
  });

  it("leaves alone what the same run made for another resource group", async () => {
    const s = new Scenario();
    await s.finish(s.step("create", { resourceGroupName: "rg-others" }));
    const [theirs] = [...s.world.groups.keys()];
    s.world.groups.clear();
    s.timeline({ deploy: "skipped" });
    assert.equal(codeOf(await s.finish(s.step("remove"))), "succeeded");
    assert.deepEqual(s.left, [theirs]);
    assert.equal(s.world.recordNamed(theirs ?? "")?.enabled, true);
  });

  describe("in a stage that has no agents (any more)", () => {
    /** Another stage of the run made an agent and is in the given state. */
    async function besideStage(state: TimelineRecord["state"]): Promise<Scenario> {
      const s = new Scenario();
      await s.finish(s.step("create", { run: { ...identity("101", "Other"), jobId: "other-create" } }));
      s.timeline({ deploy: "skipped" });
      s.world.timeline?.push(
        { id: "other", type: "Stage", name: "The other stage", state },
        { id: "other-phase", parentId: "other", type: "Phase", name: "create", state: "completed" },
        { id: "other-create", parentId: "other-phase", type: "Job", name: "create", state: "completed" },
      );
      return s;
    }

    it("leaves those of a stage that goes on to that one", async () => {
      const s = await besideStage("inProgress");
      const removing = s.step("remove");
      assert.equal(codeOf(await s.finish(removing)), "succeeded");
      assert.match(removing.task.log, /eph-101-\w+: stays: stage 'The other stage' is still running/);
      assert.equal(s.left.length, 2);
    });

    it("takes those of a stage that is over", async () => {
      const s = await besideStage("completed");
      assert.equal(codeOf(await s.finish(s.step("remove"))), "succeeded");
      assert.deepEqual(s.left, []);
    });

    it("takes those of any stage when the timeline may not be read", async () => {
      const s = await besideStage("inProgress");
      s.world.timeline = undefined;
      const removing = s.step("remove");
      await s.clock.pass(60_000);
      removing.task.controller.abort();
      await s.finish(removing);
      assert.deepEqual(s.left, []);
    });

    it("and dies while it looks, leaves those of a stage that goes on to that one, too", async () => {
      const s = await besideStage("inProgress");
      const { host, pool, run } = s.world;
      const ports = { clock: s.clock, task: new MemoryTask(), host, pool, run };
      await s.clock.run(finish(ports, identity(), { version: 1, open: [], everything: true }));
      assert.equal(s.left.length, 2);
    });
  });

  it("leaves what `create` of the same run keeps for debugging, until its time", async () => {
    const s = new Scenario();
    s.world.behaviour.fate = "crashes";
    assert.equal(codeOf(await s.finish(s.step("create", { keepOnError: true }))), "EA601");
    const [kept] = s.left;
    s.timeline({ deploy: "skipped" });
    const early = s.step("remove");
    assert.equal(codeOf(await s.finish(early)), "succeeded");
    assert.deepEqual(s.left, [kept]);
    assert.match(early.task.log, /eph-101-\w+: kept for debugging until 2026-01-06T/);
    await s.clock.pass(24 * 3_600_000);
    assert.equal(codeOf(await s.finish(s.step("remove"))), "succeeded");
    assert.deepEqual(s.left, []);
  });

  it("leaves alone what other runs made, and can be repeated", async () => {
    const s = new Scenario();
    const other = { ...s.step("create"), run: "101" };
    await s.finish(other);
    s.timeline({ deploy: "skipped" });
    await s.finish(s.step("remove"));
    const again = s.step("remove");
    assert.equal(codeOf(await s.finish(again)), "succeeded");
    assert.match(again.task.log, /There is nothing of run 101 to remove/);
  });
});
