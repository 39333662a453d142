import assert from "node:assert/strict";
import { tasks } from "../../simulator/job-execution/job-fixture.ts";
import { availableNodes, nodeBinary } from "./node-versions.ts";
import { runPostJob, runTask } from "./run-task.ts";
import type { TaskStart } from "./task-job.ts";

const start = (code: string, part: Partial<TaskStart> & { postCode?: string } = {}): TaskStart => {
  const { postCode = "", inputs = {}, ...rest } = part;
  const base = { taskFolder: tasks.Probe, jobToken: "the-job-token", collectionUrl: "https://localhost:1/contoso/" };
  return { ...base, ...rest, inputs: { code, postCode, ...inputs } };
};

/** A promise that a log line settles. */
function seen(line: string): { when: Promise<void>; onLine: (text: string) => void } {
  let settle: () => void = () => undefined;
  const when = new Promise<void>((resolve) => {
    settle = resolve;
  });
  return { when, onLine: (text) => (text === line ? settle() : undefined) };
}

describe("The harness that runs a built task", () => {
  for (const major of availableNodes)
    it(`runs it on node ${major}`, async () => {
      const run = await runTask(start("console.log(process.versions.node)", { node: await nodeBinary(major) }));
      assert.match(run.log, new RegExp(`^${major}\\.`, "m"));
      assert.equal(run.exitCode, 0);
    });

  it("collects what the task said: result, issues, outputs, state, progress, log", async () => {
    const run = await runTask(
      start(`
        console.log("plain the-job-token");
        console.log("##vso[task.setvariable variable=name;isoutput=true]eph-1");
        console.log("##vso[task.settaskvariable variable=state;issecret=true]kept-for-later");
        console.log("##vso[task.setprogress value=50;]half way");
        console.log("##vso[task.logissue type=error;code=EA100]broken");
        console.log("##vso[task.complete result=Failed]broken");`),
    );
    assert.equal(run.result, "failed");
    assert.equal(run.exitCode, 0);
    assert.deepEqual(run.issues, [{ type: "error", message: "broken", code: "EA100" }]);
    assert.deepEqual(run.outputs, { name: { value: "eph-1", isSecret: false } });
    assert.deepEqual(run.taskVariables, [{ name: "state", value: "kept-for-later", secret: true }]);
    assert.deepEqual(run.progress[0], { percent: 50, operation: "half way" });
    assert.match(run.log, /^plain \*\*\*$/m);
    assert.match(run.raw, /^ *plain the-job-token$/m);
  });

  it("runs the post-job stage with what the main stage left", async () => {
    const postCode = 'console.log("state: " + [...process.env.VSTS_TASKVARIABLE_STATE].join("."))';
    const main = await runTask(start('console.log("##vso[task.settaskvariable variable=state]ab")', { postCode }));
    const post = await runPostJob(main);
    assert.match(post.log, /^state: a\.b$/m);
    assert.doesNotMatch(main.log, /state:/);
  });

  it("sends a signal when a condition comes true, without the job being cancelled", async () => {
    const { when, onLine } = seen("ready");
    const code = 'process.on("SIGTERM", () => process.exit(7)); setInterval(() => {}, 1000); console.log("ready")';
    const run = await runTask(start(code, { signals: [{ signal: "SIGTERM", when }], onLine }));
    assert.equal(run.exitCode, 7);
    assert.equal(run.result, "failed");
    const killed = seen("ready");
    const dead = await runTask(
      start(code, { signals: [{ signal: "SIGKILL", when: killed.when }], onLine: killed.onLine }),
    );
    assert.equal(dead.exitCode, 137);
  });

  it("cancels the job as the service does", async () => {
    const { when, onLine } = seen("ready");
    const code = 'process.on("SIGINT", () => process.exit(0)); setInterval(() => {}, 1000); console.log("ready")';
    const main = await runTask(
      start(code, { cancelWhen: when, onLine, postCode: "console.log(process.env.AGENT_JOBSTATUS)" }),
    );
    assert.equal(main.result, "canceled");
    assert.match((await runPostJob(main)).log, /^Canceled$/m);
  });
});
