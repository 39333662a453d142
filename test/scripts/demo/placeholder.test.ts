import assert from "node:assert/strict";
import { poolsOfRunSteps } from "../../../scripts/demo/prepare/placeholder.ts";
import { readPipeline } from "../../../simulator/pipeline-runner/yaml/read-pipeline.ts";

const pools = (inputs: string): string[] =>
  poolsOfRunSteps(
    readPipeline(`
variables:
  agentPool: the-pool
steps:
- task: EphemeralAgent@1
  inputs: ${inputs}
`),
  );

describe("The demo's placeholder", () => {
  for (const [what, inputs, expected] of [
    ["a run step", "{ action: run, agentPool: p }", ["p"]],
    ["a step that leaves the action to its default", "{ agentPool: p }", ["p"]],
    ["a pool that a variable names", "{ agentPool: $(agentPool) }", ["the-pool"]],
    ["no create step", "{ action: create, agentPool: p }", []],
    ["no remove step", "{ action: remove, agentPool: p }", []],
  ] as const)
    it(`is there for ${what}`, () => assert.deepEqual(pools(inputs), expected));
});
