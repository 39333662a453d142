import { type Case, holdsFor, x } from "./expanded.ts";

const typed = (type: string, rest = "") => ({
  "t.yml": `parameters:\n- name: p\n  type: ${type}\n${rest}steps:\n- script: got ${x("convertToJson(parameters.p)")}`,
});
const pass = (value: string) => `steps:\n- template: t.yml\n  parameters:\n    p: ${value}`;
const got = (json: string) => ({ steps: [{ script: `got ${json}` }] });

const source = "Template parameters: parameter data types";
const cases: readonly Case[] = [
  { name: "a number is a number", source, files: typed("number"), yaml: pass("12"), becomes: got("12") },
  {
    name: "a word is no number",
    source,
    files: typed("number"),
    yaml: pass("twelve"),
    refused: ["line 4: The 'p' parameter value 'twelve' is not a valid Number."],
  },
  { name: "a boolean in any case", source, files: typed("boolean"), yaml: pass("TRUE"), becomes: got("true") },
  {
    name: "a fruit is no boolean",
    source: "Template parameters: passing parameters",
    files: typed("boolean"),
    yaml: pass("apples"),
    refused: ["line 4: The 'p' parameter value 'apples' is not a valid Boolean."],
  },
  {
    name: "a list is no string",
    source,
    files: typed("string"),
    yaml: pass("[a]"),
    refused: ["line 4: The 'p' parameter value is not a valid String."],
  },
  { name: "an object is anything", source, files: typed("object"), yaml: pass("[1]"), becomes: got('[\n  "1"\n]') },
  {
    name: "the type is string when none is said",
    source,
    files: { "t.yml": `parameters:\n- name: p\nsteps:\n- script: got ${x("convertToJson(parameters.p)")}` },
    yaml: pass("12"),
    becomes: got('"12"'),
  },
  {
    name: "steps are no jobs",
    source,
    files: { "t.yml": `parameters:\n- name: p\n  type: jobList\njobs: ${x("parameters.p")}` },
    yaml: "jobs:\n- template: t.yml\n  parameters:\n    p: [{ script: a }]",
    refused: ["line 4: The 'p' parameter value is not a valid JobList."],
  },
  ...(["deployment", "stage", "job"] as const).map((type) => ({
    name: `a ${type} is one with that key`,
    source: source as Case["source"],
    files: { "t.yml": `parameters:\n- name: p\n  type: ${type}\nsteps: []` },
    yaml: pass(`{ ${type}: a }`),
    becomes: { steps: [] },
  })),
  {
    name: "lists of stages and deployments",
    source,
    files: {
      "t.yml": `parameters:\n- name: p\n  type: stageList\n- name: q\n  type: deploymentList\nstages: ${x("parameters.p")}`,
    },
    yaml: "stages:\n- template: t.yml\n  parameters:\n    p: [{ stage: a }]\n    q: [{ deployment: b }]",
    becomes: { stages: [{ stage: "a" }] },
  },
  {
    name: "a type that there is not",
    source,
    files: typed("stringList", "  default: []\n"),
    yaml: "steps:\n- template: t.yml",
    refused: [
      "t.yml, line 3: parameters of type 'stringList' are not supported here; there are: string, number, boolean, object, step, stepList, job, jobList, deployment, deploymentList, stage, stageList",
    ],
  },
  {
    name: "one of the values that are allowed",
    source,
    files: typed("number", "  values: [1, 2, 4]\n"),
    yaml: pass("4"),
    becomes: got("4"),
  },
  {
    name: "none of the values that are allowed",
    source,
    files: typed("number", "  values: [1, 2, 4]\n"),
    yaml: pass("3"),
    refused: ["line 4: The 'p' parameter value '3' is not a valid value; there are: 1, 2, 4"],
  },
  {
    name: "a default counts where nothing is passed",
    source: "Template parameters: passing parameters",
    files: typed("string", "  default: usual\n"),
    yaml: "steps:\n- template: t.yml",
    becomes: got('"usual"'),
  },
  {
    name: "nothing passed and no default",
    source: "Template parameters: passing parameters",
    files: typed("string"),
    yaml: "steps:\n- template: t.yml",
    refused: ["line 2: A value for the 'p' parameter must be provided."],
  },
  {
    name: "a parameter that the template does not have",
    source: "Template parameters: passing parameters",
    files: typed("string"),
    yaml: "steps:\n- template: t.yml\n  parameters:\n    p: a\n    colour: red",
    refused: ["line 5: Unexpected parameter 'colour'"],
  },
  {
    name: "an expression that names a parameter nobody declared",
    source: "Template expressions: context",
    files: { "t.yml": `steps:\n- script: ${x("parameters.undefined")}` },
    yaml: "steps:\n- template: t.yml",
    refused: ["t.yml, line 2: Key not found 'undefined'"],
  },
  {
    name: "a default that is no literal",
    source: "Template parameters: passing parameters",
    files: typed("string", `  default: ${x("variables.a")}\n`),
    yaml: "steps:\n- template: t.yml",
    refused: ["t.yml, line 4: the default of parameter 'p' must be a literal"],
  },
  {
    name: "the older form, names with defaults",
    source: "Templates: reuse",
    files: {
      "t.yml": `parameters:\n  p: usual\n  q: [1]\nsteps:\n- script: ${x("parameters.p")} ${x("length(parameters.q)")}`,
    },
    yaml: "steps:\n- template: t.yml",
    becomes: { steps: [{ script: "usual 1" }] },
  },
  {
    name: "parameters of the pipeline itself are given when the run is queued",
    source: "Runtime parameters: use parameters in pipelines",
    yaml: `parameters:\n- name: image\n  values: [ubuntu, windows]\n  default: ubuntu\nsteps:\n- script: ${x("parameters.image")}`,
    parameters: { image: "windows" },
    becomes: { steps: [{ script: "windows" }] },
  },
  {
    name: "a parameter of the pipeline needs a default or a value",
    source: "Runtime parameters: use parameters in pipelines",
    yaml: "parameters:\n- name: image\nsteps: []",
    refused: ["line 1: A value for the 'image' parameter must be provided."],
  },
];

describe("Parameters of a pipeline", () => {
  for (const one of cases) it(`${one.name} (${one.source})`, () => holdsFor(one));
});
