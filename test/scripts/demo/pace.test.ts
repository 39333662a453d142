// The times that somebody chooses on the demo's command line.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { demoArguments, Misuse } from "../../../scripts/demo/arguments.ts";
import { simulatorOptions } from "../../../scripts/demo/simulator-options.ts";

const demo = fileURLToPath(new URL("../../../scripts/demo.ts", import.meta.url));

describe("The demo's pace", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "demo-test-"));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const start = (...args: string[]) => {
    const env = { ...process.env, SIM_ENGINE: "process", TMPDIR: folder };
    return spawn(process.execPath, ["--import", "tsx", demo, ...args], { env, stdio: ["ignore", "pipe", "inherit"] });
  };

  it("is none unless it is asked for", () => {
    assert.equal(demoArguments([]).pace, undefined);
    assert.equal(demoArguments(["sweep", "--pace", "recorded", "--seed", "3"]).pace?.seed, 3);
    assert.throws(() => demoArguments(["--pace", "fast"]), Misuse);
    assert.throws(() => demoArguments(["--seed", "3"]), Misuse);
  });

  it("is what the simulator is started with", () => {
    const asked = demoArguments(["--pace", "recorded", "--seed", "3"]);
    assert.ok(asked.pace);
    assert.deepEqual(simulatorOptions("process", asked), { engine: "process", azure: { pace: asked.pace } });
    assert.deepEqual(simulatorOptions("podman", demoArguments([])), { engine: "podman" });
  });

  it("is told before anything begins", async () => {
    const child = start("--pace", "recorded", "--seed", "3");
    const closed = once(child, "close");
    const told: string[] = [];
    for await (const line of createInterface(child.stdout)) {
      told.push(line);
      if (line.includes("Container groups take recorded times, drawn with seed 3.")) break;
    }
    child.kill("SIGKILL");
    await closed;
    assert.match(told.at(-1) ?? "", /seed 3/, told.join("\n"));
  });

  it("is in the help", async () => {
    const child = start("--help");
    let output = "";
    child.stdout.on("data", (chunk) => {
      output += chunk;
    });
    assert.deepEqual(await once(child, "close"), [0, null]);
    for (const option of ["--pace recorded", "--pace median", "--seed N"])
      assert.match(output, new RegExp(`^  ${option} `, "m"));
  });
});
