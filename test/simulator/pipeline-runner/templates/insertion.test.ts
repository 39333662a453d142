import { type Case, holdsFor, x } from "./expanded.ts";

const steps = (...scripts: string[]) => ({ steps: scripts.map((script) => ({ script })) });

const declared = (type: string, value: string) => `parameters:\n- name: p\n  type: ${type}\n  default: ${value}\n`;

const cases: readonly Case[] = [
  {
    name: "a list in a list is flattened",
    source: "Template expressions: insertion",
    yaml: `${declared("stepList", "[{ script: a }, { script: b }]")}steps:\n- script: first\n- ${x("parameters.p")}\n- script: last`,
    becomes: steps("first", "a", "b", "last"),
  },
  {
    name: "an empty list leaves nothing",
    source: "Template expressions: insertion",
    yaml: `${declared("stepList", "[]")}steps:\n- script: first\n- ${x("parameters.p")}`,
    becomes: steps("first"),
  },
  {
    name: "a whole list can be a value",
    source: "Template parameters: parameter data types",
    yaml: `${declared("stepList", "[{ script: a }]")}steps: ${x("parameters.p")}`,
    becomes: steps("a"),
  },
  {
    name: "a single step can be an item",
    source: "Template parameters: parameter data types",
    yaml: `${declared("step", "{ script: a }")}steps:\n- ${x("parameters.p")}`,
    becomes: steps("a"),
  },
  {
    name: "a mapping is inserted into a mapping",
    source: "Template expressions: insertion",
    yaml: `${declared("object", "{ SUITE: 'L0,L1' }")}variables:\n  arch: x86\n  ${x("insert")}: ${x("parameters.p")}\nsteps: []`,
    becomes: { variables: { arch: "x86", SUITE: "L0,L1" }, steps: [] },
  },
  {
    name: "a mapping can be a value",
    source: "Templates: reuse",
    yaml: `${declared("object", "{ vmImage: ubuntu-latest }")}jobs:\n- job: a\n  pool: ${x("parameters.p")}`,
    becomes: { jobs: [{ job: "a", pool: { vmImage: "ubuntu-latest" } }] },
  },
  {
    name: "a list is no text",
    source: "Template expressions: insertion",
    yaml: `${declared("object", "[a]")}steps:\n- script: echo ${x("parameters.p")}`,
    refused: ["line 6: Unable to convert from Array to String"],
  },
  {
    name: "a list cannot be inserted into a mapping",
    source: "Template expressions: insertion",
    yaml: `${declared("object", "[a]")}variables:\n  ${x("insert")}: ${x("parameters.p")}\nsteps: []`,
    refused: ["line 6: only a mapping can be inserted into a mapping"],
  },
  {
    name: "a key that an insertion brings a second time is refused",
    source: "Template expressions: insertion",
    yaml: `${declared("object", "{ arch: arm }")}variables:\n  arch: x86\n  ${x("insert")}: ${x("parameters.p")}\nsteps: []`,
    refused: ["line 4: 'arch' is already defined"],
  },
  {
    name: "a key can be an expression",
    source: "Template expressions: insertion",
    yaml: `${declared("string", "arch")}variables:\n  ${x("parameters.p")}: x86\nsteps: []`,
    becomes: { variables: { arch: "x86" }, steps: [] },
  },
  {
    name: "an if takes steps of a list",
    source: "Template expressions: conditional insertion",
    yaml: `${declared("string", "dotnet")}steps:\n- ${x("if eq(parameters.p, 'dotnet')")}:\n  - script: a\n  - script: b\n- ${x("if eq(parameters.p, 'msbuild')")}:\n  - script: c`,
    becomes: steps("a", "b"),
  },
  {
    name: "an if takes keys of a mapping",
    source: "Template expressions: conditional insertion",
    yaml: `${declared("boolean", "true")}steps:\n- script: tool\n  env:\n    ${x("if eq(parameters.p, true)")}:\n      DEBUG: 'yes'\n    ${x("if eq(parameters.p, false)")}:\n      QUIET: 'yes'`,
    becomes: { steps: [{ script: "tool", env: { DEBUG: "yes" } }] },
  },
  ...(["a", "b", "c"] as const).map((value) => ({
    name: `of if, elseif and else one counts (${value})`,
    source: "Expressions: conditional insertion" as const,
    yaml: `${declared("string", value)}steps:\n- ${x("if eq(parameters.p, 'a')")}:\n  - script: is a\n- ${x("elseif eq(parameters.p, 'b')")}:\n  - script: is b\n- ${x("else")}:\n  - script: is else`,
    becomes: steps(value === "c" ? "is else" : `is ${value}`),
  })),
  {
    name: "else in a mapping",
    source: "Expressions: conditional insertion",
    yaml: `variables:\n  ${x("if eq(variables['Build.SourceBranchName'], 'main')")}:\n    where: production\n  ${x("else")}:\n    where: test\nsteps: []`,
    becomes: { variables: { where: "production" }, steps: [] },
  },
  {
    name: "else with something between it and its if",
    source: "Expressions: conditional insertion",
    yaml: `steps:\n- ${x("if true")}:\n  - script: a\n- script: between\n- ${x("else")}:\n  - script: b`,
    refused: ["line 5: 'else' has no 'if' before it"],
  },
  {
    name: "an if without a condition",
    source: "Expressions: conditional insertion",
    yaml: `steps:\n- ${x("if")}:\n  - script: a`,
    refused: ["line 2: 'if' needs a condition"],
  },
  {
    name: "whole jobs behind an if",
    source: "Expressions: conditional insertion",
    yaml: `jobs:\n- ${x("if false")}:\n  - job: a\n- job: b`,
    becomes: { jobs: [{ job: "b" }] },
  },
  {
    name: "text that looks like an expression",
    source: "Template expressions: escape a value",
    yaml: `steps:\n- script: ${x("'my${{value with a '' quote'")}`,
    becomes: steps("my${{value with a ' quote"),
  },
  {
    name: "an expression that does not end",
    source: "Template expressions: escape a value",
    yaml: "steps:\n- script: echo ${{ 'a'",
    refused: ["line 2: The expression is not closed: '${{ 'a''"],
  },
];

describe("Inserting into a pipeline", () => {
  for (const one of cases) it(`${one.name} (${one.source})`, () => holdsFor(one));
});
