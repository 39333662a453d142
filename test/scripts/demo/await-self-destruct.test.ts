import assert from "node:assert/strict";
import { destroysItself, selfDestructed } from "../../../scripts/demo/await-self-destruct.ts";
import { readPipeline } from "../../../simulator/pipeline-runner/yaml/read-pipeline.ts";
import type { Simulator } from "../../../simulator/start-simulator.ts";

const found = (inputs: string): boolean =>
  destroysItself(readPipeline(`steps: [{ task: EphemeralAgent@1, inputs: ${inputs} }]`));

/** Azure with one container group that is gone after so many looks. */
function azure(looks: number): Pick<Simulator, "arm"> {
  let left = looks;
  const containerGroups = () => (left-- > 0 ? [{ name: "eph-1" }] : []);
  return { arm: { containerGroups } as unknown as Simulator["arm"] };
}

describe("The demo, with containers that delete their own group,", () => {
  it("knows such files by their input", () => {
    assert.equal(found("{ action: create, selfDestruct: true }"), true);
    assert.equal(found("{ action: create, selfDestruct: false }"), false);
    assert.equal(found("{ action: create }"), false);
  });

  it("waits until the group is gone, and says for what", async () => {
    const said: string[] = [];
    const looked = azure(3);
    await selfDestructed(looked, (line) => said.push(line));
    assert.deepEqual(said, ["Waiting for container group eph-1 to delete itself, for up to 60 s."]);
    assert.deepEqual(looked.arm.containerGroups(), []);
  });

  it("says nothing when nothing is left", async () => {
    await selfDestructed(azure(0), assert.fail);
  });

  it("waits no longer than it may", async () => {
    const looked = azure(Number.POSITIVE_INFINITY);
    await selfDestructed(looked, () => undefined, 0);
    assert.equal(looked.arm.containerGroups().length, 1);
  });
});
