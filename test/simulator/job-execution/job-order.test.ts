import assert from "node:assert/strict";
import { bash, probe, run } from "./job-fixture.ts";

const say = (text: string): string => `console.log("${text}")`;

describe("The worker's order of steps", () => {
  it("runs the steps in order and the post-job stages afterwards, last step first", async () => {
    const job = await run([
      probe(say("one"), { refName: "a", postCode: say("after one") }),
      bash("echo between", { refName: "b" }),
      probe(say("two"), { refName: "c", postCode: say("after two") }),
    ]);
    assert.deepEqual(job.steps, [
      "a: succeeded",
      "b: succeeded",
      "c: succeeded",
      "Post-job: c: succeeded",
      "Post-job: a: succeeded",
    ]);
    assert.deepEqual(
      job.log.split("\n").filter((line) => /^(one|between|two|after .*)$/.test(line)),
      ["one", "between", "two", "after two", "after one"],
    );
    assert.equal(job.result, "succeeded");
  });

  it("skips what follows a failure, but never a post-job stage, not even of a skipped step", async () => {
    const job = await run([
      bash("exit 3", { refName: "breaks" }),
      probe(say("main"), { refName: "task", postCode: say("post") }),
      bash("echo tidy", { refName: "tidy", condition: "always()" }),
    ]);
    assert.deepEqual(job.steps, ["breaks: failed", "task: skipped", "tidy: succeeded", "Post-job: task: succeeded"]);
    assert.ok(job.issues.includes("error: Bash exited with code '3'."));
    assert.equal(job.result, "failed");
  });

  it("hands task variables to the post-job stage of the same step only", async () => {
    const write = 'console.log("##vso[task.settaskvariable variable=State;issecret=true]mine-alone")';
    const read = 'console.log("state is " + [...(process.env.VSTS_TASKVARIABLE_STATE ?? "none")].join("_"))';
    const job = await run([
      probe(write, { refName: "writer", postCode: read }),
      probe(read, { refName: "other", postCode: read }),
    ]);
    assert.deepEqual(
      job.log.split("\n").filter((line) => line.startsWith("state is")),
      ["state is n_o_n_e", "state is n_o_n_e", "state is m_i_n_e_-_a_l_o_n_e"],
    );
  });

  it("retries a failing step as often as it asks for", async () => {
    const counting = `
      const fs = require("fs"), file = process.env.AGENT_TEMPDIRECTORY + "/count";
      const count = fs.existsSync(file) ? Number(fs.readFileSync(file)) : 0;
      fs.writeFileSync(file, String(count + 1));
      console.log("try " + count);
      if (count < 2) console.log("##vso[task.complete result=Failed]not yet");`;
    const job = await run([probe(counting, { refName: "flaky", retryCountOnTaskFailure: 2 })]);
    assert.equal(job.result, "succeeded");
    assert.match(job.log, /try 0[\s\S]*will retry[\s\S]*try 1[\s\S]*will retry[\s\S]*try 2/);
    const less = await run([probe(counting, { refName: "flaky", retryCountOnTaskFailure: 1 })]);
    assert.equal(less.result, "failed");
  });

  it("turns a failure into succeededWithIssues when the step continues on error", async () => {
    const job = await run([bash("exit 1", { refName: "a", continueOnError: true }), bash("echo on", { refName: "b" })]);
    assert.deepEqual(job.steps, ["a: succeededWithIssues", "b: succeeded"]);
    assert.equal(job.result, "succeededWithIssues");
  });

  it("fails a step that outlives its time limit, and goes on with what runs after failures", async () => {
    const job = await run(
      [
        probe("setInterval(() => {}, 1000)", { refName: "slow", timeoutInMinutes: 0.002 }),
        bash("echo still", { refName: "after", condition: "failed()" }),
      ],
      { variables: { PROCESS_SIGINT_TIMEOUT: "20", PROCESS_SIGTERM_TIMEOUT: "20" } },
    );
    assert.deepEqual(job.steps, ["slow: failed", "after: succeeded", "Post-job: slow: succeeded"]);
    assert.ok(job.issues.includes("error: The task has timed out."));
  });

  it("leaves out disabled steps and fails the job when a task is not installed", async () => {
    const disabled = await run([bash("exit 1", { enabled: false })]);
    assert.equal(disabled.result, "succeeded");
    const missing = await run([probe("", { task: { name: "Nowhere", version: "1" } })]);
    assert.equal(missing.result, "failed");
    assert.match(missing.issues.join(), /Task Nowhere@1 is not installed/);
  });
});
