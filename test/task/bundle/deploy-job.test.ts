// What `run` makes of the job it is there for: however that one ends, or when it never comes.
import assert from "node:assert/strict";
import type { JobReport, RunReport } from "../../../simulator/pipeline-runner/run/run-results.ts";
import type { Simulator } from "../../../simulator/start-simulator.ts";
import { assertFailure, assertWarning } from "../scenario/expected-messages.ts";
import { deployJob, gate, pipeline, taskJob } from "../scenario/pipelines.ts";
import { scenario, story } from "../scenario/scenario.ts";
import { creation, registration } from "../scenario/task-requests.ts";

function job({ jobs }: RunReport, name: string): JobReport {
  const found = jobs[name];
  assert.ok(found, `the run has no job ${name}`);
  return found;
}

const text = ({ log }: JobReport): string => log.join("\n");

const placeholder = ({ organization, ready }: Simulator) => void organization.addPlaceholder(ready.pool);

describe("A `run` step and its deploy job", () => {
  scenario(
    "fails with a job that fails, so that re-running failed jobs runs both again",
    async ({ simulator, ...scene }) => {
      placeholder(simulator);
      const firstTimeWrong = deployJob(simulator, `[ "$SYSTEM_JOBATTEMPT" = 2 ]`);
      const run = scene.pipeline(pipeline(taskJob(simulator, "agent", { action: "run" }), firstTimeWrong));
      const first = await run.done;
      assert.equal(job(first, "agent").result, "failed");
      assertFailure(job(first, "agent"), "EA701", /^job 'deploy' of \S+: failed$/);
      const second = await run.rerunFailed();
      assert.equal(second.result, "succeeded", text(job(second, "agent")));
      assert.deepEqual(job(second, "agent").issues, []);
      assert.notEqual(job(second, "deploy").agentName, job(first, "deploy").agentName);
    },
  );

  scenario("fails with a job that is cancelled while it runs", async ({ simulator, ...scene }) => {
    placeholder(simulator);
    const run = scene.pipeline(pipeline(taskJob(simulator, "agent", {}), deployJob(simulator, gate().script)));
    await run.line("deploy", /^started$/);
    run.cancelJob("deploy");
    const report = await run.done;
    assert.equal(job(report, "deploy").result, "canceled");
    assertFailure(job(report, "agent"), "EA701", /^job 'deploy' of \S+: canceled$/);
    assert.match(text(job(report, "agent")), /job finished: canceled$/m);
  });

  story("says so when the job is cancelled before an agent had it", async ({ simulator, ...scene }) => {
    placeholder(simulator);
    // Its container never does anything, so the job stays in the queue.
    simulator.arm.inject("does-nothing");
    const run = scene.pipeline(pipeline(taskJob(simulator, "agent", {}), deployJob(simulator, "true")));
    await run.line("agent", /container running$/);
    run.cancelJob("deploy");
    const report = await run.done;
    assertFailure(job(report, "agent"), "EA703", /^the run's other jobs: deploy: canceled\.$/);
  });

  scenario("warns, and does not fail, when the job is skipped on purpose", async ({ simulator, ...scene }) => {
    placeholder(simulator);
    const skipped = deployJob(simulator, "true", { condition: "eq(1, 2)" });
    const report = await scene.pipeline(pipeline(taskJob(simulator, "agent", {}), skipped)).done;
    assert.equal(job(report, "agent").result, "succeededWithIssues");
    assertWarning(job(report, "agent"), "EA703", /^the run's other jobs: deploy: skipped\.$/);
    assert.equal(job(report, "deploy").result, "skipped");
  });

  scenario("ends with advice when the run has no other job", async ({ simulator, ...scene }) => {
    const report = await scene.pipeline(pipeline(taskJob(simulator, "agent", {}))).done;
    assert.equal(report.result, "failed");
    assertFailure(job(report, "agent"), "EA703", /^the run has no other job\.$/);
  });

  scenario("ends with advice, instead of hanging, when the job depends on it", async ({ simulator, ...scene }) => {
    placeholder(simulator);
    const dependent = deployJob(simulator, "true", { dependsOn: "agent" });
    const report = await scene.pipeline(pipeline(taskJob(simulator, "agent", {}), dependent)).done;
    assertFailure(job(report, "agent"), "EA702", /^waiting: deploy\.$/);
    assert.equal(job(report, "deploy").result, "skipped");
  });

  scenario("makes another agent when another run's job takes the first", async ({ simulator, ...scene }) => {
    placeholder(simulator);
    // Queued before, so it is served first.
    const other = scene.pipeline(pipeline(deployJob(simulator, "echo served $AGENT_NAME")));
    await other.state("deploy", "queued");
    const own = scene.pipeline(
      pipeline(taskJob(simulator, "agent", {}), deployJob(simulator, "echo served $AGENT_NAME")),
    );
    const [theirs, ours] = await Promise.all([other.done, own.done]);
    assert.equal(theirs.result, "succeeded");
    assert.equal(ours.result, "succeeded", text(job(ours, "agent")));
    const [taken, served] = [job(theirs, "deploy"), job(ours, "deploy")];
    assert.notEqual(taken.agentName, served.agentName);
    for (const one of [taken, served]) {
      assert.deepEqual(
        one.log.filter((line) => line.startsWith("served")),
        [`served ${one.agentName}`],
      );
    }
    const log = text(job(ours, "agent"));
    assert.match(log, new RegExp(`${taken.agentName}: taken by job 'deploy' of \\S+, another run$`, "m"));
    assert.match(log, /creating another agent for this run's job$/m);
    assert.equal(simulator.requests.entries.filter(registration).length, 2, "no more agents than needed");
    assert.equal(simulator.requests.entries.filter(creation).length, 2);
  });

  story("does not wait for another run's job before it makes the next agent", async ({ simulator, ...scene }) => {
    placeholder(simulator);
    const theirGate = gate();
    const other = scene.pipeline(pipeline(deployJob(simulator, theirGate.script)));
    await other.state("deploy", "queued");
    const own = scene.pipeline(pipeline(taskJob(simulator, "agent", {}), deployJob(simulator, "true")));
    await own.state("deploy", "completed");
    theirGate.open();
    const [theirs, ours] = await Promise.all([other.done, own.done]);
    assert.equal(theirs.result, "succeeded", "whoever took the agent may end its job on it");
    assert.equal(ours.result, "succeeded", text(job(ours, "agent")));
  });

  scenario("serves as many jobs as it makes agents, side by side", async ({ simulator, ...scene }) => {
    placeholder(simulator);
    const blue = { ...deployJob(simulator, "echo served"), job: "blue" };
    const green = { ...deployJob(simulator, "echo served"), job: "green" };
    const run = scene.pipeline(pipeline(taskJob(simulator, "agent", { agentCount: "2" }), blue, green));
    const report = await run.done;
    assert.equal(report.result, "succeeded", text(job(report, "agent")));
    const served = [job(report, "blue").agentName, job(report, "green").agentName].sort();
    const { outputs } = job(report, "agent");
    const listed = (name: string) => outputs[`agent.${name}`]?.value.split(",") ?? [];
    assert.deepEqual(listed("agentName").sort(), served);
    assert.equal(new Set(served).size, 2);
    assert.deepEqual(
      listed("containerGroupId").map((id) => id.split("/").at(-1)),
      listed("containerGroupName"),
    );
    assert.equal(listed("agentId").length, 2);
  });

  story("fails when one of its jobs fails, and serves the other one", async ({ simulator, ...scene }) => {
    placeholder(simulator);
    const good = { ...deployJob(simulator, "true"), job: "good" };
    const bad = { ...deployJob(simulator, "exit 1"), job: "bad" };
    const run = scene.pipeline(pipeline(taskJob(simulator, "agent", { agentCount: "2" }), good, bad));
    const report = await run.done;
    assert.equal(job(report, "good").result, "succeeded");
    assertFailure(job(report, "agent"), "EA701", /^job 'bad' of \S+: failed$/);
  });
});
