import assert from "node:assert/strict";
import { type Simulator, startSimulator } from "../../simulator/start-simulator.ts";
import { stepIn } from "../task/harness/in-simulator.ts";
import { runTask } from "../task/harness/run-task.ts";
import { type Az, openAz } from "./az.ts";

describe("what the task made, for the stock Azure CLI", () => {
  let simulator: Simulator;
  let az: Az;
  let name: string;

  before(async () => {
    simulator = await startSimulator();
    az = await openAz(simulator);
    const made = await runTask(stepIn(simulator, { action: "create" }).start);
    assert.equal(made.result, "succeeded", made.log);
    name = made.outputs.containerGroupName?.value ?? "";
  });
  after(async () => {
    az?.close();
    await simulator?.stop();
  });

  const group = () => ["--resource-group", simulator.ready.resourceGroup];

  it("is listed in its resource group", async () => {
    const listed = (await az.json("container", "list", ...group())) as { readonly name: string }[];
    assert.deepEqual(
      listed.map((each) => each.name),
      [name],
    );
  });

  it("is shown running, with its owner's tags and its subnet, and with no secret of its volume", async () => {
    const shown = (await az.json("container", "show", ...group(), "--name", name)) as {
      readonly provisioningState: string;
      readonly instanceView: { readonly state: string };
      readonly tags: Readonly<Record<string, string>>;
      readonly subnetIds: readonly { readonly id: string }[];
      readonly volumes: readonly { readonly name: string; readonly secret?: Readonly<Record<string, string>> | null }[];
    };
    assert.equal(shown.provisioningState, "Succeeded");
    assert.equal(shown.instanceView.state, "Running");
    assert.equal(shown.tags["EphemeralAgent.Pool"], simulator.ready.pool);
    assert.equal(shown.subnetIds[0]?.id, simulator.subnetId);
    const volume = shown.volumes.find((each) => each.name === "ephemeral-agent");
    assert.ok(volume !== undefined, "the volume of the start files is not shown");
    assert.deepEqual(Object.values(volume.secret ?? {}).filter(Boolean), []);
  });

  it("shows its log", async () => {
    assert.match(await az.text("container", "logs", ...group(), "--name", name), /Listening for Jobs/i);
  });

  it("is deleted", async () => {
    await az.text("container", "delete", ...group(), "--name", name, "--yes");
    assert.deepEqual(await az.json("container", "list", ...group()), []);
    assert.deepEqual(simulator.leftBehind().containerGroups, []);
  });
});
