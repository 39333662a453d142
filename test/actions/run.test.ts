import assert from "node:assert/strict";
import { codeOf, Scenario } from "./in-memory-step.ts";

describe("run", () => {
  it("follows the deploy job, disables its agent on assignment, and leaves nothing", async () => {
    const s = new Scenario();
    s.world.placeholder();
    s.timeline({ deploy: "inProgress" });
    const job = s.world.queue({ runId: "101" });
    const step = s.step("run");
    await s.clock.pass(40_000);
    const record = [...s.world.records.values()].find((one) => one.name.startsWith("eph-101-"));
    assert.equal(record?.enabled, false, "an agent that has its job must not be offered a second one");
    assert.equal(codeOf(await s.finish(step)), "succeeded");
    assert.equal(job?.starts, 1);
    assert.deepEqual(s.left, []);
    assert.deepEqual(step.task.open, [], "the post-job step must have nothing to do");
    assert.match(step.task.outputs.agentName ?? "", /^eph-101-[a-z0-9]{6}$/);
  });

  it("writes down what it is about to make before it makes it", async () => {
    const s = new Scenario();
    s.world.placeholder();
    s.timeline({ deploy: "inProgress" });
    s.world.queue({ runId: "101" });
    const register = s.world.pool.register;
    let saved: readonly string[] = [];
    s.world.pool.register = async (definition) => {
      saved = step.task.open;
      assert.deepEqual(saved, [definition.name]);
      return register(definition);
    };
    const step = s.step("run");
    await s.finish(step);
    assert.equal(saved.length, 1);
  });

  it("fails with the deploy job, so that failed jobs are re-run together", async () => {
    const s = new Scenario();
    s.world.placeholder();
    s.timeline({ deploy: "inProgress" });
    s.world.queue({ runId: "101", ends: "failed" });
    const step = s.step("run");
    const end = await s.finish(step);
    assert.equal(codeOf(end), "EA701");
    assert.match(String("thrown" in end && end.thrown), /job 'deploy' of run 101: failed/);
    assert.deepEqual(s.left, []);
  });

  it("fails when the deploy job is canceled", async () => {
    const s = new Scenario();
    s.world.placeholder();
    s.timeline({ deploy: "inProgress" });
    s.world.queue({ runId: "101", ends: "canceled" });
    assert.equal(codeOf(await s.finish(s.step("run"))), "EA701");
    assert.deepEqual(s.left, []);
  });

  it("makes another agent when another run's job takes the first one", async () => {
    const s = new Scenario();
    s.world.placeholder();
    s.timeline({ deploy: "inProgress" });
    const foreign = s.world.queue({ runId: "999", name: "theirs", lastsMs: 300_000 });
    const own = s.world.queue({ runId: "101" });
    const step = s.step("run");
    assert.equal(codeOf(await s.finish(step)), "succeeded");
    assert.deepEqual([foreign?.starts, foreign?.result, own?.starts, own?.result], [1, "succeeded", 1, "succeeded"]);
    assert.match(step.task.log, /taken by job 'theirs' of run 999, another run/);
    assert.deepEqual(s.left, []);
  });

  it("follows its job on another agent and removes its own unused one", async () => {
    const s = new Scenario();
    s.timeline({ deploy: "inProgress" });
    const other = s.world.placeholder("other-agent");
    other.online = true;
    const job = s.world.queue({ runId: "101", lastsMs: 120_000, ends: "failed" });
    const step = s.step("run");
    // The other agent's own life, which the world does not lead for it.
    s.clock.after(120_000, () => {
      if (job) job.result = "failed";
    });
    assert.equal(codeOf(await s.finish(step)), "EA701");
    assert.deepEqual(s.left, ["other-agent"]);
  });

  it("says that the deploy job waits for this job instead of hanging", async () => {
    const s = new Scenario();
    s.timeline({ deploy: "pending" });
    const began = s.clock.now();
    const end = await s.finish(s.step("run"));
    assert.equal(codeOf(end), "EA702");
    assert.match(String("thrown" in end && end.thrown), /waiting: deploy/);
    assert.ok(s.clock.now() - began < 45_000, "it must not wait for nothing");
    assert.deepEqual(s.left, []);
  });

  it("ends with advice when the run has no other job", async () => {
    const s = new Scenario();
    s.timeline({});
    assert.equal(codeOf(await s.finish(s.step("run"))), "EA703");
    assert.deepEqual(s.left, []);
  });

  it("only warns when the deploy job was skipped on purpose", async () => {
    const s = new Scenario();
    s.timeline({ deploy: "skipped" });
    assert.equal(codeOf(await s.finish(s.step("run"))), "succeededWithIssues");
    assert.deepEqual(s.left, []);
  });

  it("waits while another job of the run is in progress, and gives up after the idle time", async () => {
    const s = new Scenario();
    s.timeline({ build: "inProgress", deploy: "pending" });
    const step = s.step("run", { idleMs: 600_000 });
    const end = await s.finish(step);
    assert.equal(codeOf(end), "failed");
    assert.match(step.task.errors.join(), /EA704 .*phase 'build' is in progress/s);
    assert.deepEqual(s.left, []);
  });

  it("serves several jobs with several agents, side by side", async () => {
    const s = new Scenario();
    s.world.placeholder();
    s.timeline({ deploy: "inProgress" });
    const jobs = [1, 2, 3].map(() => s.world.queue({ runId: "101", lastsMs: 200_000 }));
    const step = s.step("run", { agentCount: 3 });
    const began = s.clock.now();
    assert.equal(codeOf(await s.finish(step)), "succeeded");
    assert.deepEqual(
      jobs.map((job) => job?.starts),
      [1, 1, 1],
    );
    assert.ok(s.clock.now() - began < 300_000, "they must run at the same time");
    assert.equal(step.task.outputs.agentName?.split(",").length, 3);
    assert.deepEqual(s.left, []);
  });

  it("falls back to the next placement when Azure has no room, with the same agent", async () => {
    const s = new Scenario();
    s.world.placeholder();
    s.timeline({ deploy: "inProgress" });
    s.world.queue({ runId: "101" });
    s.world.behaviour.fate = "cannot be placed";
    const asked: number[] = [];
    const create = s.world.host.create;
    s.world.host.create = async (definition) => {
      asked.push(definition.cpu);
      if (asked.length === 2) s.world.behaviour.fate = "works";
      return create(definition);
    };
    const step = s.step("run", {
      placements: [
        { location: "westeurope", cpu: 4, memoryInGB: 8 },
        { location: "westeurope", cpu: 1, memoryInGB: 2 },
      ],
    });
    assert.equal(codeOf(await s.finish(step)), "succeeded");
    assert.deepEqual(asked, [4, 1]);
    assert.match(step.task.log, /InsufficientCapacity.*Falling back to 1 CPU, 2 GB in westeurope/);
    assert.equal(step.task.outputs.agentName?.includes(","), false);
    assert.deepEqual(s.left, []);
  });

  for (const seconds of [0, 1, 5, 15, 19, 21, 30, 60, 79, 81]) {
    it(`leaves only what its post-job step knows of when it is canceled after ${seconds} s`, async () => {
      const s = new Scenario();
      s.world.placeholder();
      s.timeline({ deploy: "inProgress" });
      s.world.queue({ runId: "101" });
      const step = s.step("run");
      if (seconds > 0) await s.clock.pass(seconds * 1000);
      const began = s.clock.now();
      step.task.controller.abort();
      const end = await s.finish(step);
      assert.ok(s.clock.now() - began <= 7_000, "the deletes must be sent within the agent's window");
      const known = new Set(step.task.open);
      for (const name of s.left) assert.ok(known.has(name), `${name} would be forgotten`);
      if (seconds !== 0) assert.ok(codeOf(end) === "succeeded" || codeOf(end).startsWith("Cancelled"));
    });
  }
});
