// Reads a whole pipeline file.
import { isMap, type Node, type YAMLMap } from "yaml";
import {
  IMPLICIT,
  type JobDefinition,
  type Pipeline,
  type Pool,
  type StageDefinition,
  type VariableDefinition,
} from "../pipeline-model.ts";
import { type ExpandOptions, expandPipeline } from "../templates/expand-pipeline.ts";
import type { PipelineProblem } from "../validation/pipeline-problems.ts";
import { cyclesIn } from "./dependency-cycles.ts";
import { newJob } from "./job-draft.ts";
import { looseJobKeys, readJobs, soleJob } from "./read-jobs.ts";
import { readCondition, readPool, readVariables } from "./read-values.ts";
import { type Read, YamlSource } from "./yaml-reader.ts";

const CONDITION_NAMES = ["variables", "dependencies"];

type StageDraft = { -readonly [Key in keyof StageDefinition]: StageDefinition[Key] };

function readStage(source: YamlSource, node: Node, pool: Pool | undefined, previous: string | undefined): StageDraft {
  const stage: StageDraft = {
    line: source.line(node),
    name: "",
    displayName: "",
    dependsOn: previous === undefined ? [] : [previous],
    condition: "succeeded()",
    variables: [],
    jobs: [],
  };
  const own = isMap(node) ? (node as YAMLMap<Node, Node>).get("pool", true) : undefined;
  const stagePool = own === undefined ? pool : readPool(source, own);
  source.map(node, "a stage", {
    stage: (child) => {
      stage.name = source.text(child, "stage");
    },
    displayName: (child) => {
      stage.displayName = source.text(child, "displayName of a stage");
    },
    dependsOn: (child) => {
      stage.dependsOn = source.texts(child, "dependsOn of a stage").filter((name) => name !== "");
    },
    condition: (child) => {
      stage.condition = readCondition(source, child, CONDITION_NAMES);
    },
    variables: (child) => {
      stage.variables = readVariables(source, child);
    },
    pool: () => undefined,
    jobs: (child) => {
      stage.jobs = readJobs(source, child, stagePool);
    },
  });
  stage.displayName ||= stage.name;
  return stage;
}

function readStages(source: YamlSource, node: Node, pool: Pool | undefined): StageDefinition[] {
  const stages: StageDraft[] = [];
  for (const item of source.list(node, "stages")) stages.push(readStage(source, item, pool, stages.at(-1)?.name));
  for (const stage of stages)
    for (const dependency of stage.dependsOn)
      if (!stages.some(({ name }) => name.toLowerCase() === dependency.toLowerCase()))
        source.problem(node, `the stage '${stage.name}' depends on '${dependency}', and there is no such stage`);
  return stages;
}

/** A file whose jobs or steps stand at its root has one stage that nobody named. */
function implicitStage(jobs: readonly JobDefinition[]): StageDefinition {
  const draft = { line: 1, dependsOn: [], condition: "succeeded()", variables: [] };
  return { ...draft, name: IMPLICIT, displayName: IMPLICIT, jobs };
}

const trigger =
  (source: YamlSource, key: string): Read =>
  (node) => {
    // A simulated run is always started by hand; what would start it is not looked at, but must be a trigger.
    if (!isMap(node)) source.texts(node, key);
  };

/**
 * Reads a pipeline file, its templates expanded.
 * @throws PipelineRefused with everything in it that is wrong or that this runner does not carry out.
 */
export function readPipeline(text: string, options: ExpandOptions = {}): Pipeline {
  const problems: PipelineProblem[] = [];
  const root = expandPipeline(text, options, problems);
  const source = new YamlSource(root, problems);
  // What could not be parsed would be found wrong for no reason of its own.
  if (!isMap(root)) source.finish();
  const at = (key: string): Node | undefined =>
    isMap(root) ? (root as YAMLMap<Node, Node>).get(key, true) : undefined;
  const only = <Result>(key: string, read: (node: Node) => Result): Result | undefined => {
    const node = at(key);
    return node === undefined ? undefined : read(node);
  };
  if (root === null || !isMap(root)) {
    source.problem(root ?? ({} as Node), "a pipeline must be a mapping");
    source.finish();
  }

  const variables: readonly VariableDefinition[] = only("variables", (node) => readVariables(source, node)) ?? [];
  const pool = only("pool", (node) => readPool(source, node));
  const job = newJob(1, pool);
  const result: { name: string | undefined; stages: readonly StageDefinition[] } = { name: undefined, stages: [] };
  source.map(root as Node, "a pipeline", {
    name: (node) => {
      result.name = source.text(node, "name");
    },
    trigger: trigger(source, "trigger"),
    pr: trigger(source, "pr"),
    schedules: () => undefined,
    parameters: () => undefined,
    resources: (node) => source.map(node, "resources", { repositories: () => undefined }),
    variables: () => undefined,
    pool: () => undefined,
    stages: (node) => {
      result.stages = readStages(source, node, pool);
    },
    jobs: (node) => {
      result.stages = [implicitStage(readJobs(source, node, pool))];
    },
    ...looseJobKeys(source, job),
  });
  if (at("steps") !== undefined) result.stages = [implicitStage([soleJob(job)])];
  if (["stages", "jobs", "steps"].filter((key) => at(key) !== undefined).length !== 1 && isMap(root))
    source.problem(root as Node, "a pipeline has exactly one of: stages, jobs, steps");
  for (const cycle of [cyclesIn(result.stages), ...result.stages.map(({ jobs }) => cyclesIn(jobs))].flat())
    source.problem(root as Node, `'${cycle}' depends on itself in the end`);
  source.finish();
  return { ...result, variables };
}
