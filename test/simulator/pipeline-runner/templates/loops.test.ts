import { type Case, holdsFor, x } from "./expanded.ts";

const list = (value: string) => `parameters:\n- name: p\n  type: object\n  default: ${value}\n`;

const cases: readonly Case[] = [
  {
    name: "each goes over a list",
    source: "Template expressions: iterative insertion",
    yaml: `${list("[one, two]")}steps:\n- ${x("each word in parameters.p")}:\n  - script: echo ${x("word")}`,
    becomes: { steps: [{ script: "echo one" }, { script: "echo two" }] },
  },
  {
    name: "each goes over the pairs of a mapping",
    source: "Template expressions: iterative insertion",
    yaml: `${list("{ A: 1, B: 2 }")}steps:\n- ${x("each pair in parameters.p")}:\n  - script: echo ${x("pair.key")}=${x("pair.value")}`,
    becomes: { steps: [{ script: "echo A=1" }, { script: "echo B=2" }] },
  },
  {
    name: "each makes keys of a mapping",
    source: "Template expressions: iterative insertion",
    yaml: `${list("{ A: 1, B: 2 }")}variables:\n  ${x("each pair in parameters.p")}:\n    X_${x("pair.key")}: ${x("pair.value")}\nsteps: []`,
    becomes: { variables: { X_A: "1", X_B: "2" }, steps: [] },
  },
  {
    name: "each within each",
    source: "Template expressions: iterative insertion",
    yaml: `${list("[[a, b], [c]]")}steps:\n- ${x("each row in parameters.p")}:\n  - ${x("each cell in row")}:\n    - script: ${x("cell")}`,
    becomes: { steps: [{ script: "a" }, { script: "b" }, { script: "c" }] },
  },
  {
    name: "each over nothing",
    source: "Template expressions: iterative insertion",
    yaml: `${list("[]")}jobs:\n- ${x("each name in parameters.p")}:\n  - job: ${x("name")}\n- job: last`,
    becomes: { jobs: [{ job: "last" }] },
  },
  {
    name: "jobs are wrapped: all of their properties but the steps, and steps around theirs",
    source: "Template expressions: iterative insertion",
    files: {
      "wrap.yml": `parameters:\n- name: jobs\n  type: jobList\n  default: []\njobs:\n- ${x("each job in parameters.jobs")}:\n  - ${x("each pair in job")}:\n      ${x("if ne(pair.key, 'steps')")}:\n        ${x("pair.key")}: ${x("pair.value")}\n    steps:\n    - script: before\n    - ${x("job.steps")}\n    - script: after`,
    },
    yaml: "jobs:\n- template: wrap.yml\n  parameters:\n    jobs:\n    - job: A\n      displayName: First\n      steps:\n      - script: own",
    becomes: {
      jobs: [{ job: "A", displayName: "First", steps: [{ script: "before" }, { script: "own" }, { script: "after" }] }],
    },
  },
  {
    name: "dependencies are added to what a job has",
    source: "Template expressions: iterative insertion",
    files: {
      "after.yml": `parameters:\n- name: jobs\n  type: jobList\njobs:\n- ${x("each job in parameters.jobs")}:\n  - ${x("each pair in job")}:\n      ${x("if ne(pair.key, 'dependsOn')")}:\n        ${x("pair.key")}: ${x("pair.value")}\n    dependsOn:\n    - tool\n    - ${x("if job.dependsOn")}:\n      - ${x("job.dependsOn")}`,
    },
    yaml: "jobs:\n- template: after.yml\n  parameters:\n    jobs:\n    - job: A\n    - job: B\n      dependsOn:\n      - A",
    becomes: {
      jobs: [
        { job: "A", dependsOn: ["tool"] },
        { job: "B", dependsOn: ["tool", "A"] },
      ],
    },
  },
  {
    name: "each over a text",
    source: "Template expressions: iterative insertion",
    yaml: `${list("word")}steps:\n- ${x("each one in parameters.p")}:\n  - script: a`,
    refused: ["line 6: 'each' goes over a list or a mapping only"],
  },
  {
    name: "each that is not written out",
    source: "Template expressions: iterative insertion",
    yaml: `steps:\n- ${x("each one")}:\n  - script: a`,
    refused: ["line 2: 'each' is written 'each NAME in COLLECTION', not 'each one'"],
  },
  {
    name: "the loop's name is unknown behind the loop",
    source: "Template expressions: context",
    yaml: `${list("[a]")}steps:\n- ${x("each one in parameters.p")}:\n  - script: ${x("one")}\n- script: ${x("one")}`,
    refused: ["line 8: Unrecognized value: 'one'"],
  },
  {
    name: "a property of every item",
    source: "Expressions: filtered arrays",
    yaml: `${list("[{ id: 1 }, { id: 2 }]")}steps:\n- script: ${x("join('-', parameters.p.*.id)")}`,
    becomes: { steps: [{ script: "1-2" }] },
  },
  {
    name: "functions of templates",
    source: "Template expressions: functions",
    yaml: `${list("[a, b]")}steps:\n- script: ${x("format('{0} of {1}', length(parameters.p), coalesce('', 'two'))")}`,
    becomes: { steps: [{ script: "2 of two" }] },
  },
  {
    name: "a mapping as JSON",
    source: "Template expressions: functions",
    yaml: `${list("{ a: x }")}steps:\n- script: ${x("convertToJson(parameters.p)")}`,
    becomes: { steps: [{ script: '{\n  "a": "x"\n}' }] },
  },
  {
    name: "a boolean in a text begins with a capital letter",
    source: "Expressions: type casting",
    yaml: `parameters:\n- name: p\n  type: boolean\n  default: true\nsteps:\n- script: echo ${x("parameters.p")}`,
    becomes: { steps: [{ script: "echo True" }] },
  },
  {
    name: "a text that says false is true",
    source: "Expressions: type casting",
    yaml: `parameters:\n- name: p\n  default: 'false'\nsteps:\n- ${x("if parameters.p")}:\n  - script: a`,
    becomes: { steps: [{ script: "a" }] },
  },
];

describe("Loops and functions of a pipeline", () => {
  for (const one of cases) it(`${one.name} (${one.source})`, () => holdsFor(one));
});
