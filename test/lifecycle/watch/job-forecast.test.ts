import assert from "node:assert/strict";
import { forecast, ofRun } from "../../../EphemeralAgentTask/src/lifecycle/watch/job-forecast.ts";
import { taskId } from "../../../EphemeralAgentTask/src/plan/owner-marks.ts";
import type { JobRequest, TimelineRecord } from "../../../EphemeralAgentTask/src/ports.ts";
import { identity } from "../../in-memory/valid-settings.ts";

const run = identity();
const own: TimelineRecord[] = [
  { id: "s1", type: "Stage", name: "Deploy", state: "inProgress" },
  { id: "p1", parentId: "s1", type: "Phase", name: "agent", state: "inProgress" },
  { id: run.jobId, parentId: "p1", type: "Job", name: "agent", state: "inProgress" },
];
const record = (
  type: string,
  name: string,
  state: TimelineRecord["state"],
  result?: TimelineRecord["result"],
): TimelineRecord => ({
  id: name,
  parentId: "s1",
  type,
  name,
  state,
  ...(result ? { result } : {}),
});
const request: JobRequest = {
  requestId: 1,
  jobId: "deploy-job",
  jobName: "deploy",
  planId: "p",
  planType: "Build",
  scopeId: "project-1",
  ownerId: "101",
  ownerName: "n",
  finished: false,
};

const rows: [what: string, kind: string, requests: JobRequest[], records: TimelineRecord[] | undefined][] = [
  ["a job of the run is queued in the pool", "may come", [request], own],
  ["the timeline may not be read", "may come", [], undefined],
  ["another phase is in progress", "may come", [], [...own, record("Phase", "build", "inProgress")]],
  ["an approval is open", "may come", [], [...own, record("Checkpoint.Approval", "approve", "inProgress")]],
  [
    "another stage is in progress",
    "may come",
    [],
    [...own, { id: "s2", type: "Stage", name: "Test", state: "inProgress" }],
  ],
  ["the only other phase is pending", "waits for this job", [], [...own, record("Phase", "deploy", "pending")]],
  [
    "only a later stage is pending",
    "waits for this job",
    [],
    [...own, { id: "s2", type: "Stage", name: "Next", state: "pending" }],
  ],
  ["every other phase is completed", "over", [], [...own, record("Phase", "deploy", "completed", "skipped")]],
  ["there is no other phase", "over", [], own],
];

describe("The outlook", () => {
  it("does not take this very step for one beside it", () => {
    const step: TimelineRecord = {
      id: "t1",
      parentId: run.jobId,
      type: "Task",
      name: "agent",
      state: "inProgress",
      taskId,
    };
    const found = forecast(run, [], [...own, step, record("Phase", "deploy", "pending")]);
    assert.deepEqual(found, { kind: "waits for this job", jobs: ["deploy"] });
  });

  for (const [what, kind, requests, records] of rows) {
    it(`is '${kind}' when ${what}`, () => assert.equal(forecast(run, requests, records).kind, kind));
  }

  it("names a queued job by its run where no request says its name", () => {
    const found = forecast(run, [{ ...request, jobName: "", ownerName: "20190101.1" }], own);
    assert.deepEqual(found, { kind: "may come", why: "a job of run 20190101.1 is queued" });
  });

  it("counts jobs of this run only: same id, project and kind of run", () => {
    assert.ok(ofRun(run, request));
    for (const other of [{ ownerId: "102" }, { scopeId: "project-2" }, { planType: "Release" }]) {
      assert.ok(!ofRun(run, { ...request, ...other }));
    }
  });
});
