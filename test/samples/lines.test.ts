// What a beginner has to write: short enough to be read in one go.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { sampleNames } from "../../scripts/demo/arguments.ts";
import { expandedYaml, pipelineFile } from "../../scripts/demo/pipeline-file.ts";
import { readPipeline } from "../../simulator/pipeline-runner/yaml/read-pipeline.ts";

const path = (name: string): string => fileURLToPath(new URL(`../../${name}`, import.meta.url));
const linesOf = (text: string): number => text.trimEnd().split("\n").length;

/** What the pages promise of a pipeline with the template. */
const promised = 20;

describe("A pipeline with the template", () => {
  it(`has at most ${promised} lines in the sample, comments and blank lines included`, () => {
    const yaml = readFileSync(path("samples/deploy/azure-pipelines.yml"), "utf8");
    assert.ok(yaml.includes("stage.yml"), "the sample does not use the template");
    assert.ok(linesOf(yaml) <= promised, `${linesOf(yaml)} lines`);
  });

  it(`has at most ${promised} lines in the README`, () => {
    const [block = "", ...others] = readFileSync(path("README.md"), "utf8").match(/^```yaml\n.*?^```$/gms) ?? [];
    assert.ok(block.includes("stage.yml") && others.length === 0, "the README's pipeline is not the template's");
    const fences = 2;
    assert.ok(linesOf(block) - fences <= promised, `${linesOf(block) - fences} lines`);
  });
});

describe("The samples", () => {
  for (const name of sampleNames()) {
    it(`expand to a pipeline without templates (${name})`, () => {
      const file = pipelineFile({ file: path(`samples/${name}/azure-pipelines.yml`), repositories: {} });
      const expanded = expandedYaml(file);
      assert.doesNotMatch(expanded, /template:|\$\{\{/);
      assert.ok(readPipeline(expanded, { files: file.files }).stages.length > 0);
    });
  }
});
