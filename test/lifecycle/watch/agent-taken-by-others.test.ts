// The one job of an agent was not this run's, or none can come.
import assert from "node:assert/strict";
import { forecast } from "../../../EphemeralAgentTask/src/lifecycle/watch/job-forecast.ts";
import { taskId } from "../../../EphemeralAgentTask/src/plan/owner-marks.ts";
import type { TimelineRecord } from "../../../EphemeralAgentTask/src/ports.ts";
import { codeOf, Scenario } from "../../actions/in-memory-step.ts";
import { identity } from "../../in-memory/valid-settings.ts";

/** The pool's maintenance, which comes to any agent; its owner may have any id, this run's too. */
const maintenance = { runId: "101", planType: "PoolMaintenance", name: "maintenance", demands: [], lastsMs: 5_000 };

describe("When the pool's maintenance takes the agent", () => {
  it("'run' makes another one, which serves this run's job", async () => {
    const s = new Scenario();
    s.world.placeholder();
    s.timeline({ deploy: "inProgress" });
    s.world.queue(maintenance);
    const job = s.world.queue({ runId: "101" });
    const step = s.step("run");
    assert.equal(codeOf(await s.finish(step)), "succeeded");
    assert.match(step.task.log, /taken by the pool's maintenance/);
    assert.equal(job?.result, "succeeded");
    assert.deepEqual(s.left, []);
  });

  it("'create' makes another one before it hands over, and 'remove' removes both", async () => {
    const s = new Scenario();
    s.world.placeholder();
    s.world.queue({ ...maintenance, lastsMs: 90_000 });
    const step = s.step("create");
    assert.equal(codeOf(await s.finish(step)), "succeeded");
    assert.match(step.task.log, /the pool's maintenance .*took it; creating another agent/);
    assert.deepEqual(step.task.open, []);
    s.timeline({ deploy: "inProgress" });
    const job = s.world.queue({ runId: "101", demands: ["EphemeralAgent.Run -equals 101"] });
    assert.equal(codeOf(await s.finish(s.step("remove"))), "succeeded");
    assert.equal(job?.result, "succeeded");
    assert.deepEqual(s.left, []);
  });

  it("'remove' says that the job of this run still waits", async () => {
    const s = new Scenario();
    assert.equal(codeOf(await s.finish(s.step("create", { onlineMs: 0 }))), "succeeded");
    s.timeline({ deploy: "inProgress" });
    s.world.queue(maintenance);
    s.world.queue({ runId: "101", demands: ["EphemeralAgent.Run -equals 101"] });
    const end = await s.finish(s.step("remove"));
    assert.equal(codeOf(end), "EA708");
    assert.match(
      String("thrown" in end ? end.thrown : ""),
      /the pool's maintenance .*; job 'deploy' of this run waits/,
    );
    assert.deepEqual(s.left, []);
  });
});

describe("Two 'run' steps of one run", () => {
  const own: TimelineRecord[] = [
    { id: "stage", type: "Stage", name: "Deploy", state: "inProgress" },
    { id: "phase", parentId: "stage", type: "Phase", name: "agent", state: "inProgress" },
    { id: identity().jobId, parentId: "phase", type: "Job", name: "agent", state: "inProgress" },
    { id: "other-stage", type: "Stage", name: "Other", state: "inProgress" },
    { id: "other-phase", parentId: "other-stage", type: "Phase", name: "agent2", state: "inProgress" },
    { id: "other-job", parentId: "other-phase", type: "Job", name: "agent2", state: "inProgress" },
    { id: "deploy", parentId: "stage", type: "Phase", name: "deploy", state: "completed", result: "skipped" },
  ];
  const step = (state: TimelineRecord["state"]): TimelineRecord => ({
    id: "t",
    parentId: "other-job",
    type: "Task",
    name: "EphemeralAgent",
    taskId: taskId.toUpperCase(),
    state,
  });
  const skipped: TimelineRecord = {
    id: "deploy2",
    parentId: "other-stage",
    type: "Phase",
    name: "deploy2",
    state: "completed",
    result: "skipped",
  };

  it("are no possible customers of each other", () => {
    const { kind, ...rest } = forecast(identity(), [], [...own, skipped, step("inProgress")]);
    assert.equal(kind, "over");
    assert.deepEqual("jobs" in rest && rest.jobs, ["deploy: skipped", "deploy2: skipped"]);
  });

  it("leave it open what the other job does once its step of this task is over", () => {
    assert.equal(forecast(identity(), [], [...own, skipped, step("completed")]).kind, "may come");
  });

  it("wait for what follows the other one's job, but not until the idle limit", () => {
    const later: TimelineRecord = {
      id: "deploy3",
      parentId: "third-stage",
      type: "Phase",
      name: "deploy3",
      state: "pending",
    };
    assert.deepEqual(forecast(identity(), [], [...own, skipped, later, step("inProgress")]), {
      kind: "waits for this job",
      jobs: ["deploy3"],
      beside: true,
    });
  });

  it("whose deploy jobs are both skipped end within a minute", async () => {
    const s = new Scenario();
    s.world.timeline = [...own, skipped, step("inProgress")];
    const began = s.clock.now();
    assert.equal(codeOf(await s.finish(s.step("run"))), "succeededWithIssues");
    assert.ok(s.clock.now() - began < 60_000);
    assert.deepEqual(s.left, []);
  });
});
