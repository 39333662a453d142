import assert from "node:assert/strict";
import { demoEngine } from "../../../scripts/demo/engine.ts";

const said: string[] = [];
const engineOf = (environment: NodeJS.ProcessEnv) => demoEngine((line) => said.push(line), environment);

describe("The demo's containers", () => {
  it("are processes when SIM_ENGINE says so", async () => {
    assert.deepEqual(await engineOf({ SIM_ENGINE: "process" }), {
      name: "process",
      line: "Containers are processes of this machine.",
    });
    assert.deepEqual(said, []);
  });

  it("are what SIM_ENGINE says, or nothing", async () => {
    await assert.rejects(engineOf({ SIM_ENGINE: "qemu" }), /SIM_ENGINE must be one of process, podman, docker/);
  });

  it("are told in one line, whatever this machine has", async () => {
    const { name, line } = await engineOf({});
    assert.match(line, name === "process" ? /^Containers are processes of this machine/ : /^Containers are real ones/);
    assert.doesNotMatch(line, /\n/);
  });
});
