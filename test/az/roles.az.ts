import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { selfDestructed } from "../../scripts/demo/await-self-destruct.ts";
import { type Simulator, startSimulator } from "../../simulator/start-simulator.ts";
import { stepIn } from "../task/harness/in-simulator.ts";
import { runTask } from "../task/harness/run-task.ts";
import { type Az, openAz } from "./az.ts";

const page = readFileSync(fileURLToPath(new URL("../../samples/roles/README.md", import.meta.url)), "utf8");
const [setUp = "", ofContainer = ""] = [...page.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, block]) => block);

describe("the commands of the roles' page, with the stock Azure CLI", () => {
  let simulator: Simulator;
  let az: Az;
  let folder: string;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "roles-"));
    simulator = await startSimulator();
    az = await openAz(simulator);
  });
  after(async () => {
    rmSync(folder, { recursive: true, force: true });
    az?.close();
    await simulator?.stop();
  });

  it("make an identity by which a container deletes itself, and that the task may give to it", async () => {
    // The first four lines are what the reader changes; the roles that follow are the service connection's already.
    const variables = setUp
      .split("\n")
      .slice(0, 4)
      .join("\n")
      .replace(/^APP_ID=.*/m, `APP_ID=${simulator.ready.clientId}`);
    const path = join(folder, "commands.sh");
    writeFileSync(path, `set -e\n${variables}\n${ofContainer}`);
    await az.script(path);
    const created = await runTask(
      stepIn(simulator, {
        action: "create",
        imageName: simulator.ready.bakedImage,
        agentRegistration: "container",
        azureDevOpsToken: simulator.ready.pat,
        selfDestruct: "true",
        userAssignedIdentities: `/subscriptions/${simulator.ready.subscriptionId}/resourceGroups/rg-ephemeral-agents/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-agent-cleanup`,
      }).start,
    );
    assert.equal(created.result, "succeeded", created.log);
    const [agent] = simulator.organization.agents();
    assert.equal(agent?.status, "online");
    const job = stepIn(simulator, { action: "create" });
    job.queueJob("echo deployed", [`Agent.Name -equals ${agent?.name}`]);
    await selfDestructed(simulator, () => undefined);
    assert.deepEqual(simulator.leftBehind(), { agents: [], containerGroups: [] });
  });
});
