import assert from "node:assert/strict";
import type { Run, RunChange } from "../../../simulator/devops/runs/runs.ts";
import type { Answer } from "./fixture/https-request.ts";
import { newRun } from "./fixture/job-fixture.ts";
import { openStand, type Stand } from "./fixture/organization-fixture.ts";

const recordId = "6f0f2d5e-0000-4000-8000-000000000001";

describe("A job's report over HTTPS", () => {
  let stand: Stand;
  let run: Run;
  let token: string;

  beforeEach(async () => {
    stand = await openStand();
    run = newRun(stand);
    token = stand.organization.issueJobToken({ run, poolRole: null }).token;
  });
  afterEach(() => stand.close());

  const plan = (path: string): string =>
    `${run.project.id}/_apis/distributedtask/hubs/build/plans/${run.planId}/${path}`;
  const patchRecords = (value: object[], who = token): Promise<Answer> =>
    stand.call("PATCH", plan(`timelines/${run.timelineId}/records`), { body: { value, count: 1 }, token: who });

  it("merges records into the run's own timeline", async () => {
    await patchRecords([{ id: recordId, type: "Task", name: "Bash", state: "inProgress", order: 1 }]);
    const { json } = await patchRecords([{ id: recordId, state: "completed", result: "failed" }]);
    assert.equal(json.count, 1);
    const record = run.timeline.find(recordId);
    assert.equal(record?.name, "Bash");
    assert.equal(record?.result, "failed");
    const read = await stand.call("GET", plan(`timelines/${run.timelineId}/records`), { token });
    assert.equal(read.json.count, 1);
  });

  it("is told to whoever follows the run, as it happens", async () => {
    const changes: RunChange[] = [];
    const stop = run.onChange((change) => changes.push(change));
    await patchRecords([{ id: recordId, name: "Bash", state: "inProgress" }]);
    const feed = plan(`timelines/${run.timelineId}/records/${recordId}/feed`);
    await stand.call("POST", feed, { body: { value: ["one", "two"], count: 2 }, token });
    stop();
    await stand.call("POST", feed, { body: { value: ["three"], count: 1 }, token });
    assert.deepEqual(
      changes.map(({ kind }) => kind),
      ["record", "lines"],
    );
    assert.deepEqual(run.timeline.lines(recordId), ["one", "two", "three"]);
  });

  it("keeps logs", async () => {
    const created = await stand.call("POST", plan("logs"), { body: { path: "logs\\1" }, token });
    const id = Number(created.json.id);
    assert.equal((await stand.call("POST", plan(`logs/${id}`), { body: "line", token })).status, 200);
    assert.equal(run.timeline.log(id), '"line"');
    assert.equal((await stand.call("POST", plan("logs/99"), { body: "line", token })).status, 404);
  });

  it("is refused from a job of another run, and for what is not there", async () => {
    const other = stand.organization.issueJobToken({ run: newRun(stand) }).token;
    assert.equal((await patchRecords([{ id: recordId }], other)).status, 403);
    const elsewhere = plan(`timelines/${recordId}/records`);
    assert.equal((await stand.call("GET", elsewhere, { token })).json.typeKey, "TimelineNotFoundException");
    const wrongScope = plan("logs").replace(run.project.id, recordId);
    const answer = await stand.call("POST", wrongScope, { body: { path: "x" }, token });
    assert.equal(answer.json.typeKey, "TaskOrchestrationPlanNotFoundException");
  });

  it("is refused when a record holds nonsense", async () => {
    for (const wrong of [{ state: "busy" }, { result: "green" }, { order: "1" }, { id: 1 }]) {
      assert.equal((await patchRecords([{ id: recordId, ...wrong }])).status, 400, JSON.stringify(wrong));
    }
    assert.deepEqual(run.timeline.records(), []);
  });

  it("shows in the build's timeline with its issues counted", async () => {
    run.record({
      id: recordId,
      type: "Task",
      state: "completed",
      issues: [
        { type: "error", message: "a" },
        { type: "warning", message: "b" },
      ],
    });
    const { json } = await stand.call("GET", `Shop/_apis/build/builds/${run.id}/timeline`);
    const [record] = json.records as Record<string, unknown>[];
    assert.equal(record?.errorCount, 1);
    assert.equal(record?.warningCount, 1);
    assert.equal(record?.workerName, null);
  });
});

describe("A run", () => {
  it("has a rising id per kind, and a build is found under its project only", async () => {
    const stand = await openStand({ projects: ["Shop", "Other"] });
    try {
      const definition = { id: 1, name: "Any" };
      const runs = (["Build", "Build", "Release"] as const).map((kind) =>
        stand.organization.createRun({ project: "shop", definition, kind }),
      );
      assert.deepEqual(
        runs.map(({ id }) => id),
        [1, 2, 1],
      );
      assert.equal((await stand.call("GET", "Shop/_apis/build/builds/2")).status, 200);
      const elsewhere = await stand.call("GET", "Other/_apis/build/builds/2");
      assert.equal(elsewhere.json.typeKey, "BuildNotFoundException");
      const nowhere = await stand.call("GET", "None/_apis/build/builds/2");
      assert.equal(nowhere.json.typeKey, "ProjectDoesNotExistWithNameException");
      assert.throws(() => stand.organization.createRun({ project: "None", definition, kind: "Build" }));
    } finally {
      await stand.close();
    }
  });

  it("can be stopped by its owner, not by a job", async () => {
    const stand = await openStand();
    try {
      const run = newRun(stand);
      run.start();
      const { token } = stand.organization.issueJobToken({ run });
      const path = `Shop/_apis/build/builds/${run.id}`;
      assert.equal((await stand.call("PATCH", path, { body: { status: "cancelling" }, token })).status, 403);
      assert.equal(run.cancelRequested.aborted, false);
      await stand.call("PATCH", path, { body: { status: "cancelling" } });
      assert.equal(run.cancelRequested.aborted, true);
      run.complete("canceled");
      const { json } = await stand.call("GET", path);
      assert.equal(json.status, "completed");
      assert.equal(json.result, "canceled");
    } finally {
      await stand.close();
    }
  });
});
