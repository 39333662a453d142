import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { cli, Lab } from "./lab.ts";

const labFile = JSON.stringify(fileURLToPath(new URL("lab.ts", import.meta.url)));

/** Starts a simulator in a process of its own, with a container that runs, and then does what `ending` says. */
async function simulatorThat(ending: string): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), "leftovers-"));
  try {
    const script = join(folder, "simulator.mts");
    writeFileSync(
      script,
      `import { Lab } from ${labFile};
       const lab = await Lab.open();
       const { ready, subnetId } = lab.simulator;
       const group = await lab.put({ name: "g", image: ready.image, command: ["/bin/sleep", "600"], subnetId });
       await group.when(({ state }) => state === "Running");
       ${ending}`,
    );
    const child = spawn(process.execPath, ["--import", "tsx", script], { stdio: "inherit" });
    await once(child, "exit");
    return child.pid ?? 0;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Names of containers and networks that the process made and are there still. */
async function left(pid: number): Promise<string[]> {
  const containers = await cli.run(["ps", "--all", "--format", "{{.Names}}"]);
  const networks = await cli.run(["network", "ls", "--format", "{{.Name}}"]);
  return `${containers}\n${networks}`.split("\n").filter((name) => name.startsWith(`sim-${pid}-`));
}

describe("what a simulator leaves", () => {
  it("is nothing when it ends without stopping", async () => {
    const pid = await simulatorThat("process.exit(0);");
    assert.deepEqual(await left(pid), []);
  });

  it("when it is killed, is removed by the next one", async () => {
    const pid = await simulatorThat('process.kill(process.pid, "SIGKILL");');
    assert.notDeepEqual(await left(pid), []);
    await (await Lab.open()).close();
    assert.deepEqual(await left(pid), []);
  });
});
