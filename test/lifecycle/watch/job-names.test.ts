import assert from "node:assert/strict";
import { jobDescription, jobOfRun } from "../../../EphemeralAgentTask/src/lifecycle/watch/job-description.ts";
import { withNamedJobs } from "../../../EphemeralAgentTask/src/lifecycle/watch/job-names.ts";
import type { RunIdentity } from "../../../EphemeralAgentTask/src/plan/owner-marks.ts";
import {
  type AgentPool,
  type AgentView,
  type JobRequest,
  ServiceFault,
  type TimelineRecord,
} from "../../../EphemeralAgentTask/src/ports.ts";

const run = { hostType: "build", runId: "7", projectId: "p", jobId: "own" } as RunIdentity;

/** As the service shows it: with no name of the job, and without a result. */
const request = (part: Partial<JobRequest> = {}): JobRequest => ({
  requestId: 1,
  jobId: "job-1",
  jobName: "",
  planId: "plan",
  planType: "Build",
  scopeId: "P",
  ownerId: "7",
  ownerName: "20260101.7",
  finished: false,
  ...part,
});

interface Reading {
  readonly requests: readonly JobRequest[];
  readonly timeline?: () => readonly TimelineRecord[] | undefined;
}

function named({ requests, timeline = () => [] }: Reading): { pool: AgentPool; reads: () => number } {
  let reads = 0;
  const [assignedRequest] = requests;
  const view = { id: 3, name: "agent", assignedRequest } as unknown as AgentView;
  const pool = {
    jobRequests: async () => requests,
    get: async () => view,
    list: async () => [view],
  } as unknown as AgentPool;
  const pipelineRun = {
    async timeline() {
      reads += 1;
      return timeline();
    },
    isOver: async () => undefined,
  };
  return { pool: withNamedJobs(pool, pipelineRun, run), reads: () => reads };
}

const job = (part: Partial<TimelineRecord> = {}): TimelineRecord => ({
  id: "JOB-1",
  type: "Job",
  name: "Deploy to Azure",
  state: "inProgress",
  ...part,
});

describe("A job request that says no name", () => {
  it("has the name of its job in the run's timeline, which is read once", async () => {
    const { pool, reads } = named({ requests: [request()], timeline: () => [job()] });
    for (const _ of [1, 2]) assert.equal((await pool.jobRequests())[0]?.jobName, "Deploy to Azure");
    assert.equal((await pool.get(3))?.assignedRequest?.jobName, "Deploy to Azure");
    assert.equal((await pool.list())[0]?.assignedRequest?.jobName, "Deploy to Azure");
    assert.equal(reads(), 1);
  });

  it("keeps what its orchestration is called when the timeline has no such job, or may not be read", async () => {
    const requests = [request({ jobName: "deploy" })];
    const refused = new ServiceFault("Azure DevOps", "HTTP 503", "busy", { status: 503 });
    for (const timeline of [
      () => [],
      () => undefined,
      () => {
        throw refused;
      },
    ]) {
      const { pool } = named({ requests, timeline });
      assert.equal((await pool.jobRequests())[0]?.jobName, "deploy");
    }
  });

  it("gets its name as soon as the timeline tells it", async () => {
    const answers = [new ServiceFault("Azure DevOps", "HTTP 503", "busy", { status: 503 }), [], undefined, [job()]];
    const { pool, reads } = named({
      requests: [request({ jobName: "deploy" })],
      timeline() {
        const answer = answers.shift();
        if (answer instanceof ServiceFault) throw answer;
        return answer;
      },
    });
    const names: (string | undefined)[] = [];
    for (const _ of [1, 2, 3, 4, 5]) names.push((await pool.jobRequests())[0]?.jobName);
    assert.deepEqual(names, ["deploy", "deploy", "deploy", "Deploy to Azure", "Deploy to Azure"]);
    assert.equal(reads(), 4, "one read a look, and none once the name is known");
  });

  it("is not asked about for ever", async () => {
    const { pool, reads } = named({ requests: [request()] });
    for (let look = 0; look < 1_000; look++) await pool.jobRequests();
    assert.ok(reads() < 100, String(reads()));
  });

  it("is left alone when it is another run's", async () => {
    const { pool, reads } = named({ requests: [request({ ownerId: "8" })], timeline: () => [job()] });
    assert.equal((await pool.jobRequests())[0]?.jobName, "");
    assert.equal(reads(), 0);
  });

  it("is told of by its run", () => {
    assert.equal(jobDescription(request()), "a job of run 20260101.7");
    assert.equal(jobOfRun(request()), "a job of run 20260101.7");
    assert.equal(jobDescription(request({ jobName: "Deploy" })), "job 'Deploy'");
    assert.equal(jobOfRun(request({ jobName: "Deploy", ownerName: "" })), "job 'Deploy' of 7");
  });
});

describe("A finished job request without a result", () => {
  it("has the result of its job in the run's timeline", async () => {
    const records = [job()];
    const { pool } = named({ requests: [request({ finished: true })], timeline: () => records });
    assert.equal((await pool.jobRequests())[0]?.result, undefined, "the timeline may be late");
    records[0] = job({ state: "completed", result: "failed" });
    assert.equal((await pool.jobRequests())[0]?.result, "failed");
  });

  it("does not lend its result to one that still runs", async () => {
    const timeline = () => [job({ state: "completed", result: "failed" })];
    const { pool } = named({ requests: [request()], timeline });
    assert.equal((await pool.jobRequests())[0]?.result, undefined);
  });
});
