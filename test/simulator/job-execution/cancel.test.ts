import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { bash, type JobParts, probe, run } from "./job-fixture.ts";

/** Cancels the job when a log line says so. */
function cancelledAt(mark: string, variables: Record<string, string> = {}): JobParts {
  const controller = new AbortController();
  return {
    variables,
    options: { signal: controller.signal },
    onLine: (line) => {
      if (line === mark) controller.abort();
    },
  };
}

const short = { PROCESS_SIGINT_TIMEOUT: "30", PROCESS_SIGTERM_TIMEOUT: "30" };

describe("A cancelled job", () => {
  it("sends SIGINT first and still takes the commands that its handler prints", async () => {
    const code = `
      process.on("SIGINT", () => {
        console.log("got SIGINT");
        console.log("##vso[task.settaskvariable variable=Seen]yes");
        process.exit(0);
      });
      setInterval(() => {}, 1000);
      console.log("ready");`;
    const post =
      'console.log("post-job saw " + process.env.VSTS_TASKVARIABLE_SEEN + ", job " + process.env.AGENT_JOBSTATUS)';
    const job = await run([probe(code, { refName: "task", postCode: post })], cancelledAt("ready"));
    assert.match(job.log, /got SIGINT/);
    assert.match(job.log, /post-job saw yes, job Canceled/);
    assert.deepEqual(job.steps, ["task: canceled", "Post-job: task: succeeded"]);
    assert.equal(job.result, "canceled");
    assert.ok(job.issues.includes("error: The operation was canceled."));
  });

  it("goes on to SIGTERM and then SIGKILL when a task ignores what came before", async () => {
    const code = `
      process.on("SIGINT", () => console.log("ignoring SIGINT"));
      process.on("SIGTERM", () => console.log("ignoring SIGTERM"));
      setInterval(() => {}, 1000);
      console.log("ready");`;
    const parts = cancelledAt("ready", { PROCESS_SIGINT_TIMEOUT: "100", PROCESS_SIGTERM_TIMEOUT: "100" });
    const job = await run([probe(code, { refName: "stubborn" })], parts);
    assert.match(job.log, /ignoring SIGINT[\s\S]*ignoring SIGTERM/);
    assert.equal(job.result, "canceled");
  });

  it("runs only the remaining steps whose condition holds for a cancelled job", async () => {
    const job = await run(
      [
        bash("echo ready; exec sleep 30", { refName: "running" }),
        bash("echo usual", { refName: "usual" }),
        bash("echo failed", { refName: "onFailure", condition: "failed()" }),
        bash("echo either", { refName: "either", condition: "succeededOrFailed()" }),
        bash("echo cancelled", { refName: "onCancel", condition: "canceled()" }),
        bash("echo always", { refName: "always", condition: "and(always(), ne(variables['no'], 'yes'))" }),
      ],
      cancelledAt("ready", short),
    );
    assert.deepEqual(job.steps, [
      "running: canceled",
      "usual: skipped",
      "onFailure: skipped",
      "either: skipped",
      "onCancel: succeeded",
      "always: succeeded",
    ]);
  });

  it("lets a running step finish when its condition holds for a cancelled job", async () => {
    const folder = mkdtempSync(join(tmpdir(), "worker-test-"));
    const flag = join(folder, "cancelled");
    const parts = cancelledAt("ready", { ...short, flag });
    const onLine = (line: string): void => {
      parts.onLine?.(line);
      if (line === "ready") writeFileSync(flag, "");
    };
    const script = 'echo ready; until [ -e "$FLAG" ]; do read -rt 0.01 <> <(:); done; echo finished';
    const job = await run([bash(script, { refName: "running", condition: "always()" })], { ...parts, onLine });
    rmSync(folder, { recursive: true });
    assert.match(job.log, /^finished$/m);
    assert.deepEqual(job.steps, ["running: succeeded"]);
    assert.equal(job.result, "canceled");
  });
});

describe("The end of a job", () => {
  it("kills what a step left running in the background", async () => {
    const pids: number[] = [];
    const onLine = (line: string): void => {
      const pid = /^background (\d+)$/.exec(line)?.[1];
      if (pid !== undefined) pids.push(Number(pid));
    };
    await run([bash("sleep 60 >/dev/null 2>&1 & echo background $!; disown")], { onLine });
    assert.equal(pids.length, 1);
    const status = `/proc/${pids[0]}`;
    // It may still be a zombie nobody has waited for, but it runs no more.
    // The kill is on its way; how soon it is carried out is the kernel's affair.
    const runs = (): boolean => existsSync(status) && !/\) Z /.test(readFileSync(`${status}/stat`, "utf8"));
    while (runs()) await setImmediate();
  });
});
