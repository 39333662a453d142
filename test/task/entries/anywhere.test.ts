// The task starts on any machine: with no folder to write to, no home, any language, an output that is closed.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { builtTask } from "../harness/in-simulator.ts";
import { type Entry, ended, start } from "./alone.ts";

const machines: Readonly<Record<string, Readonly<Record<string, string | undefined>>>> = {
  "a folder for temporary files that is missing": { AGENT_TEMPDIRECTORY: "/nowhere/at/all" },
  "one that cannot be written to": { AGENT_TEMPDIRECTORY: "/proc" },
  "a file in its place": { AGENT_TEMPDIRECTORY: "/etc/passwd" },
  "none at all": { AGENT_TEMPDIRECTORY: undefined },
  "a proxy that wants a password, and no folder": {
    AGENT_TEMPDIRECTORY: "/nowhere/at/all",
    AGENT_PROXYURL: "http://127.0.0.1:1",
    AGENT_PROXYUSERNAME: "user",
    SECRET_AGENT_PROXYPASSWORD: "a password of the proxy",
  },
  "no home": { HOME: undefined },
  "a home that is missing": { HOME: "/nowhere/at/all" },
  "a language that nobody speaks": { LANG: "xx_YY.KOI8", LC_ALL: "xx_YY.KOI8", TZ: "Nowhere/Else" },
  "a set language and time zone": { LANG: "tr_TR.UTF-8", LC_ALL: "tr_TR.UTF-8", TZ: "Pacific/Apia" },
};

const says: Readonly<Record<Entry, RegExp>> = {
  index: /task\.logissue type=error;code=EA101.*\n(.*\n)*##vso\[task\.complete result=Failed/,
  // Its inputs are as wrong as the step's: it says so, and fails nothing.
  postjob: /task\.logissue type=warning;code=EA101/,
};

describe("A machine with", () => {
  for (const [machine, environment] of Object.entries(machines)) {
    for (const entry of ["index", "postjob"] as const) {
      it(`${machine} starts ${entry === "index" ? "the step" : "its post-job step"}`, async () => {
        const { exitCode, output } = await ended(start(entry, environment));
        assert.equal(exitCode, 0, output);
        assert.match(output, says[entry]);
        assert.doesNotMatch(output.replace(/^##vso\[task\.debug\].*$/gm, ""), /^\s+at /m);
      });
    }
  }

  it("a folder for temporary files keeps none of the task's", async () => {
    const folder = mkdtempSync(join(tmpdir(), "agent-temp-"));
    try {
      await ended(start("index", { AGENT_TEMPDIRECTORY: folder }));
      assert.deepEqual(readdirSync(folder), []);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  for (const [entry, exitCode] of [
    ["index", 1],
    ["postjob", 0],
  ] as const) {
    it(`an output that is closed ends ${entry} with exit code ${exitCode}`, () => {
      const script = `"${process.execPath}" "${join(builtTask, `${entry}.js`)}" >&- 2>&-`;
      const env = { PATH: process.env.PATH, INPUT_ACTION: "run", VSTS_TASKVARIABLE_EPHEMERAL_AGENT_LEDGER: "not JSON" };
      assert.equal(spawnSync("bash", ["-c", script], { env }).status, exitCode);
    });
  }

  it("a full disk under its output fails the step", () => {
    const script = `"${process.execPath}" "${join(builtTask, "index.js")}" >/dev/full 2>&1`;
    assert.equal(spawnSync("bash", ["-c", script], { env: { PATH: process.env.PATH } }).status, 1);
  });

  it("something wrong so early that task-lib cannot be loaded says so without a stack trace", async () => {
    const wrong = { VSTS_PUBLIC_VARIABLES: "no JSON" };
    const step = await ended(start("index", wrong));
    assert.match(step.output, /task\.logissue type=error;code=EA999\].*task version \d+\.\d+\.\d+/);
    assert.match(step.output, /^##vso\[task\.complete result=Failed\]/m);
    assert.doesNotMatch(step.output, /^\s+at /m);
    const post = await ended(start("postjob", wrong));
    assert.equal(post.exitCode, 0);
    assert.match(post.output, /task\.logissue type=warning;code=EA999/);
    assert.match(post.output, /^##vso\[task\.complete result=Succeeded\]/m);
  });
});
