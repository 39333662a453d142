// What the templates' own parameters refuse, before anything runs; and that both templates have the same ones.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { PipelineRefused } from "../../simulator/pipeline-runner/validation/pipeline-problems.ts";
import { readPipeline } from "../../simulator/pipeline-runner/yaml/read-pipeline.ts";
import { taskManifest } from "../package/manifests.ts";
import { jobsPipeline, stagePipeline, templateFiles } from "./using.ts";

const good = {
  azureSubscription: "connection",
  agentPool: "pool",
  agent: { resourceGroupName: "rg", imageName: "image" },
  steps: [{ bash: "echo" }],
};

function refusal(yaml: string): string {
  try {
    readPipeline(yaml, { files: templateFiles });
  } catch (error) {
    assert.ok(error instanceof PipelineRefused, String(error));
    return error.message;
  }
  return assert.fail("the pipeline was not refused");
}

/** Whether a rule of the editor shows an input for an action; one that depends on another input does not. */
function shownFor(action: string, rule: string): boolean {
  if (rule === "") return true;
  if (rule.includes("!=")) return rule.split(" && ").every((one) => one !== `action != ${action}`);
  return rule.split(" || ").includes(`action = ${action}`);
}

const declared = (name: string): { name: string }[] =>
  parse(readFileSync(new URL(`../../templates/${name}`, import.meta.url), "utf8")).parameters;

describe("The parameters of the templates", () => {
  it("are the same in both, but for those of the stage", () => {
    const ofStage = declared("stage.yml").filter(({ name }) => !name.startsWith("stage"));
    assert.deepEqual(ofStage, declared("deploy.yml"));
  });

  for (const name of ["azureSubscription", "agentPool", "agent", "steps"])
    it(`must have ${name}`, () => {
      const { [name as keyof typeof good]: _, ...rest } = good;
      assert.match(refusal(jobsPipeline(rest)), new RegExp(`A value for the '${name}' parameter must be provided`));
    });

  for (const [name, value, problem] of [
    ["agentCount", "many", "The 'agentCount' parameter value 'many' is not a valid Number."],
    ["watch", "maybe", "The 'watch' parameter value 'maybe' is not a valid Boolean."],
    ["steps", [{ job: "a" }], "The 'steps' parameter value is not a valid StepList."],
    ["azureSubscription", ["a"], "The 'azureSubscription' parameter value is not a valid String."],
    ["imageName", "image", "Unexpected parameter 'imageName'"],
  ] as const)
    it(`refuse a wrong ${name}`, () => {
      assert.ok(refusal(jobsPipeline({ ...good, [name]: value })).includes(problem));
      assert.ok(refusal(stagePipeline({ ...good, [name]: value })).includes(problem));
    });

  it("refuse an environment with a matrix, in words of their own", () => {
    const said = refusal(jobsPipeline({ ...good, environment: "production", matrix: { a: {} } }));
    assert.match(said, /there is: 'environment' cannot be combined with 'matrix' or 'parallel'/);
  });

  it("create an agent for each slice, unless a number is given", () => {
    const count = (parameters: object) => {
      const [stage] = readPipeline(jobsPipeline({ ...good, ...parameters }), { files: templateFiles }).stages;
      return stage?.jobs[0]?.steps[0]?.inputs.agentCount;
    };
    assert.equal(count({}), "1");
    assert.equal(count({ parallel: 3 }), "3");
    assert.equal(count({ parallel: 3, agentCount: 2 }), "2");
    assert.equal(count({ parallel: 3, agent: { ...good.agent, agentCount: 4 } }), "4");
  });

  it("give the step that removes every input that the editor shows for it", () => {
    const shown = taskManifest.inputs
      .filter(({ visibleRule = "", groupName }) => groupName !== "predecessor" && shownFor("remove", visibleRule))
      .flatMap(({ name, aliases = [] }) => [name, ...aliases]);
    // What the template has parameters of its own for.
    const own = ["action", "connectedServiceNameARM", "azureSubscription", "agentPool"];
    const all = taskManifest.inputs.flatMap(({ name, aliases = [] }) => [name, ...aliases]);
    const agent = Object.fromEntries(all.filter((name) => !own.includes(name)).map((name) => [name, "1"]));
    const [stage] = readPipeline(jobsPipeline({ ...good, agent }), { files: templateFiles }).stages;
    const inputs = Object.keys(stage?.jobs.at(-1)?.steps[0]?.inputs ?? {});
    assert.deepEqual(
      inputs.filter((name) => !own.includes(name)).toSorted(),
      shown.filter((name) => !own.includes(name)).toSorted(),
    );
  });

  it("let the agent's inputs override what the template sets", () => {
    const agent = { ...good.agent, timeoutAgentOnline: "300", agentCount: "2" };
    const [stage] = readPipeline(jobsPipeline({ ...good, agent }), { files: templateFiles }).stages;
    const inputs = stage?.jobs[0]?.steps[0]?.inputs ?? {};
    assert.equal(inputs.timeoutAgentOnline, "300");
    assert.equal(inputs.agentCount, "2");
  });
});
