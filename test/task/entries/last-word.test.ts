// The last word arrives, however slowly it is read; and a failure that nobody could be told is no success.
import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { contained, lastPart } from "../../../EphemeralAgentTask/src/taskhost/untrusted-text.ts";
import { ended, start } from "./alone.ts";

/** So many problems that the message is many times as long as a pipe takes. */
const many = Array.from({ length: 20_000 }, (_, line) => `-not a name ${line}=x`)
  .join("\n")
  .slice(0, 120_000);

describe("The last word of a step", () => {
  it("arrives when more was said than the pipe takes and its reader is slow", async () => {
    const child = start("index", { INPUT_ENVIRONMENTVARIABLES: many });
    child.stdout?.pause();
    // The process would have ended long ago if it did not wait.
    await Promise.race([new Promise((resolve) => child.once("exit", resolve)), delay(2_000)]);
    const { exitCode, output } = await ended(child);
    assert.ok(output.length > 200_000, `${output.length}`);
    assert.match(output.trimEnd().split("\n").at(-1) ?? "", /^##vso\[task\.complete result=Failed/);
    assert.equal(exitCode, 0);
  });

  it("is the exit code when nobody reads", async () => {
    const child = start("index", { INPUT_ENVIRONMENTVARIABLES: many });
    child.stdout?.destroy();
    assert.equal((await ended(child)).exitCode, 1);
  });

  it("of a post-job step never fails a job, even when nobody reads", async () => {
    const child = start("postjob");
    child.stdout?.destroy();
    assert.equal((await ended(child)).exitCode, 0);
  });
});

describe("A container's log", () => {
  it("is shown from its end when it is too long", () => {
    const long = Array.from({ length: 200_000 }, (_, line) => `line ${line}`).join("\n");
    const shown = lastPart(long).split("\n");
    assert.match(shown[0] ?? "", /^… \d+ characters before this are not shown\.$/);
    assert.match(shown[1] ?? "", /^line \d+$/);
    assert.equal(shown.at(-1), "line 199999");
    assert.ok(shown.join("\n").length < 300_000);
    assert.equal(lastPart("short"), "short");
    assert.ok(lastPart("x".repeat(5_000_000)).length < 300_000, "one line alone");
  });

  it("cannot end the group that it is shown in", () => {
    assert.equal(contained("a\n##[endgroup]\nb"), "a\n##_[endgroup]\nb");
  });
});
