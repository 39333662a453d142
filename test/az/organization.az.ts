import assert from "node:assert/strict";
import { execFile, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { azureCliEnvironment } from "../../scripts/sim-shell/azure-cli.ts";
import { type Simulator, startSimulator } from "../../simulator/start-simulator.ts";

const run = promisify(execFile);

/** Debian's build: of the CLI and of its Azure DevOps extension, which belong together. */
const az = "/usr/bin/az";

function hasExtension(): boolean {
  const { status, stdout } = spawnSync(az, ["version", "--output", "json"], { encoding: "utf8" });
  return status === 0 && stdout.includes('"azure-devops"');
}

if (hasExtension()) {
  describe("the organization, for the Azure DevOps extension of the Azure CLI", () => {
    const folder = mkdtempSync(join(tmpdir(), "az-devops-"));
    let simulator: Simulator;
    before(async () => {
      simulator = await startSimulator();
    });
    after(async () => {
      rmSync(folder, { recursive: true, force: true });
      await simulator?.stop();
    });

    async function pipelines(...words: string[]): Promise<unknown> {
      const { ready } = simulator;
      const env = { ...process.env, ...azureCliEnvironment(ready, folder) };
      const all = ["pipelines", ...words, "--org", ready.organizationUrl, "--output", "json", "--only-show-errors"];
      return JSON.parse((await run(az, all, { env })).stdout);
    }

    it("has pools", async () => {
      const pools = (await pipelines("pool", "list")) as { readonly name: string }[];
      assert.ok(pools.some(({ name }) => name === simulator.ready.pool));
    });

    it("has agents with their capabilities", async () => {
      const { name } = simulator.organization.addPlaceholder(simulator.ready.pool);
      const [pool] = (await pipelines("pool", "list", "--pool-name", simulator.ready.pool)) as {
        readonly id: number;
      }[];
      const agents = (await pipelines(
        ...["agent", "list", "--pool-id", String(pool?.id), "--include-capabilities", "true"],
      )) as { readonly name: string; readonly userCapabilities: Readonly<Record<string, string>> }[];
      const found = agents.find((agent) => agent.name === name);
      assert.equal(found?.userCapabilities.EphemeralAgent, "true");
    });
  });
} else {
  console.log("Left out: az pipelines. It takes Debian's packages azure-cli and python3-azext-devops (1.4 GB).");
}
