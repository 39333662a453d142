import assert from "node:assert/strict";
import { mock } from "node:test";
import { events, type Offered, start, testOrganization } from "./pipeline-fixture.ts";

const yaml = `
stages:
- stage: s
  jobs:
  - job: first
    pool: p
    steps: [{ bash: echo, displayName: speak }]
  - job: second
    dependsOn: first
    pool: p
    steps: [{ bash: echo }]
`;

describe("The timeline of a run", () => {
  it("tells a waiting job from a queued and a running one", async () => {
    const test = testOrganization();
    const waiting: Offered[] = [];
    test.onOffer = (job) => void waiting.push(job);
    const { onEvent, until } = events();
    const run = start(yaml, { in: test, onEvent });
    const states = (): Record<string, string> =>
      Object.fromEntries(
        run.run.timeline.records().map(({ identifier, name, state, result }) => [identifier ?? name, result ?? state]),
      );
    await until("first queued");
    assert.deepEqual(states(), {
      s: "inProgress",
      "s.first": "inProgress",
      "s.first.__default": "pending",
      "s.second": "pending",
    });
    await waiting[0]?.carryOut();
    await until("second queued");
    assert.deepEqual(states(), {
      s: "inProgress",
      "s.first": "succeeded",
      "s.first.__default": "succeeded",
      speak: "succeeded",
      "s.second": "inProgress",
      "s.second.__default": "pending",
    });
    waiting[1]?.end({});
    assert.equal((await run.done).result, "succeeded");
    assert.equal(run.run.status, "completed");
    const job = run.run.timeline.records().find(({ identifier }) => identifier === "s.first.__default");
    assert.equal(job?.workerName, "eph-1");
  });

  it("reports what happens as it happens", async () => {
    const test = testOrganization();
    test.onOffer = (job) => void job.carryOut();
    const { onEvent, seen } = events();
    await start(yaml, { in: test, onEvent }).done;
    const states = seen.flatMap((event) => (event.kind === "job" ? [`${event.job} ${event.state}`] : []));
    assert.deepEqual(states, [
      "first queued",
      "first running",
      "first completed",
      "second queued",
      "second running",
      "second completed",
    ]);
  });
});

describe("Cancelling a run", () => {
  it("passes the job's own time limit for cancelling on to its agent", async () => {
    const test = testOrganization();
    test.onOffer = ({ canceled, end }) => void canceled.then((ms) => end({ result: "canceled", message: `${ms} ms` }));
    const { onEvent, until } = events();
    const run = start("jobs:\n- job: a\n  cancelTimeoutInMinutes: 2\n  pool: p\n  steps: [{ bash: echo }]", {
      in: test,
      onEvent,
    });
    await until("a queued");
    run.cancel();
    const { jobs } = await run.done;
    assert.deepEqual(
      jobs.a?.issues.map(({ message }) => message),
      ["120000 ms"],
    );
  });

  it("leaves a running job alone whose condition holds for a cancelled run", async () => {
    const test = testOrganization();
    let wasCanceled = false;
    test.onOffer = ({ canceled }) =>
      void canceled.then(() => {
        wasCanceled = true;
      });
    const jobs: Offered[] = [];
    const { onOffer } = test;
    test.onOffer = (job) => {
      onOffer(job);
      jobs.push(job);
    };
    const { onEvent, until } = events();
    const run = start("jobs:\n- job: a\n  condition: always()\n  pool: p\n  steps: [{ bash: echo }]", {
      in: test,
      onEvent,
    });
    await until("a queued");
    run.cancel();
    jobs[0]?.end({});
    assert.equal((await run.done).jobs.a?.result, "succeeded");
    assert.equal(wasCanceled, false);
  });
});

describe("A job that outlives its time limit", () => {
  afterEach(() => mock.timers.reset());

  it("is cancelled that long after an agent took it, with the reason as its issue", async () => {
    mock.timers.enable({ apis: ["setTimeout"] });
    const test = testOrganization();
    const jobs: Offered[] = [];
    test.onOffer = (job) => {
      jobs.push(job);
      void job.canceled.then(() => job.end({ result: "canceled" }));
    };
    const { onEvent, until } = events();
    const run = start("jobs:\n- job: a\n  timeoutInMinutes: 7\n  pool: p\n  steps: [{ bash: echo }]", {
      in: test,
      onEvent,
    });
    await until("a queued");
    mock.timers.tick(60 * 60_000);
    const [job] = jobs;
    assert.ok(job);
    run.run.record({ id: job.offer.jobId, state: "inProgress", workerName: "eph-9" });
    mock.timers.tick(7 * 60_000);
    const { jobs: ended } = await run.done;
    const message = "The job running on agent eph-9 ran longer than the maximum time of 7 minutes.";
    assert.deepEqual(ended.a?.issues, [{ type: "error", message }]);
    assert.equal(ended.a?.result, "canceled");
  });
});
