import { type Case, holdsFor, x } from "./expanded.ts";

const resource = (name: string) =>
  `resources:\n  repositories:\n  - repository: central\n    type: git\n    name: ${name}\n`;

const cases: readonly Case[] = [
  {
    name: "templates of steps, jobs and stages",
    source: "Templates: reuse",
    files: {
      "stages.yml": "stages:\n- stage: s\n  jobs:\n  - template: jobs.yml",
      "jobs.yml": "jobs:\n- job: j\n  steps:\n  - template: steps.yml\n  - script: last",
      "steps.yml": "steps:\n- script: first",
    },
    yaml: "stages:\n- template: stages.yml",
    becomes: { stages: [{ stage: "s", jobs: [{ job: "j", steps: [{ script: "first" }, { script: "last" }] }] }] },
  },
  {
    name: "variables of a template, seen by what follows",
    source: "Templates: variable reuse",
    files: { "vars.yml": "variables:\n  veggie: carrot" },
    yaml: `variables:\n- template: vars.yml\n- name: soup\n  value: ${x("variables.veggie")} soup\nsteps:\n- script: ${x("variables.soup")}`,
    becomes: {
      variables: [
        { name: "veggie", value: "carrot" },
        { name: "soup", value: "carrot soup" },
      ],
      steps: [{ script: "carrot soup" }],
    },
  },
  {
    name: "variables of a stage are its own",
    source: "Templates: variable reuse",
    yaml: `variables:\n  where: root\nstages:\n- stage: a\n  variables:\n    where: stage\n  displayName: ${x("variables.where")}\n- stage: b\n  displayName: ${x("variables.where")}`,
    becomes: {
      variables: { where: "root" },
      stages: [
        { stage: "a", variables: { where: "stage" }, displayName: "stage" },
        { stage: "b", displayName: "root" },
      ],
    },
  },
  {
    name: "a template sees its own parameters only",
    source: "Template expressions: context",
    files: { "t.yml": `steps:\n- script: ${x("parameters.outer")}` },
    yaml: "parameters:\n- name: outer\n  default: a\nsteps:\n- template: t.yml",
    refused: ["t.yml, line 2: Key not found 'outer'"],
  },
  {
    name: "a path is relative to the file that names it",
    source: "Templates: reference template paths",
    files: {
      "dir1/b.yml": "steps:\n- template: dir2/c.yml\n- template: ../a.yml",
      "dir1/dir2/c.yml": "steps:\n- script: c",
      "a.yml": "steps:\n- script: a",
    },
    yaml: "steps:\n- template: dir1/b.yml",
    becomes: { steps: [{ script: "c" }, { script: "a" }] },
  },
  {
    name: "a path with a slash in front begins at the root",
    source: "Templates: reference template paths",
    files: { "dir1/b.yml": "steps:\n- template: /a.yml", "a.yml": "steps:\n- script: a" },
    yaml: "steps:\n- template: dir1/b.yml",
    becomes: { steps: [{ script: "a" }] },
  },
  {
    name: "a template of another repository, and one of that beside it",
    source: "Templates: use other repositories",
    files: {
      "central:jobs/common.yml": "jobs:\n- template: more.yml",
      "central:jobs/more.yml": "jobs:\n- job: of_central",
    },
    yaml: `${resource("Contoso/central")}jobs:\n- template: jobs/common.yml@central`,
    becomes: { jobs: [{ job: "of_central" }] },
  },
  {
    name: "back to the pipeline's own repository",
    source: "Templates: use other repositories",
    files: { "central:t.yml": "jobs:\n- template: build.yml@self", "build.yml": "jobs:\n- job: own" },
    yaml: `${resource("Contoso/central")}jobs:\n- template: t.yml@central`,
    becomes: { jobs: [{ job: "own" }] },
  },
  {
    name: "a repository that is no resource",
    source: "Templates: use other repositories",
    yaml: "jobs:\n- template: t.yml@elsewhere",
    refused: ["line 2: the repository 'elsewhere' is not among the pipeline's resources"],
  },
  {
    name: "a repository that this machine has no folder for",
    source: "Templates: use other repositories",
    yaml: `${resource("Contoso/unknown")}jobs:\n- template: t.yml@central`,
    refused: ["line 7: the repository 'Contoso/unknown' (central) is not known here: name a folder for it"],
  },
  {
    name: "a template that is not there",
    source: "Templates: reference template paths",
    yaml: "steps:\n- template: nowhere.yml",
    refused: ["line 2: the template 'nowhere.yml' is not there"],
  },
  {
    name: "a template of steps among jobs",
    source: "Templates: reuse",
    files: { "t.yml": "steps:\n- script: a" },
    yaml: "jobs:\n- template: t.yml",
    refused: ["t.yml, line 1: Unexpected value 'steps': a template of jobs has parameters and jobs only"],
  },
  {
    name: "anything but parameters beside a template",
    source: "Templates: reuse",
    files: { "t.yml": "steps:\n- script: a" },
    yaml: "steps:\n- template: t.yml\n  displayName: no",
    refused: ["line 3: Unexpected value 'displayName' beside a template; there is: parameters"],
  },
  {
    name: "a template that includes itself",
    source: "Template expressions: imposed limits",
    files: { "t.yml": "steps:\n- template: t.yml" },
    yaml: "steps:\n- template: t.yml",
    refused: ["t.yml, line 2: no more than 20 levels of templates are allowed ('t.yml')"],
  },
  {
    name: "more than a hundred templates",
    source: "Template expressions: imposed limits",
    files: { "t.yml": "steps:\n- script: a" },
    yaml: `steps:\n${"- template: t.yml\n".repeat(101)}`,
    refused: ["line 102: no more than 100 templates are allowed ('t.yml')"],
  },
  {
    name: "templates behind an if and in a loop",
    source: "Templates: reuse",
    files: { "t.yml": `parameters:\n- name: n\nsteps:\n- script: ${x("parameters.n")}` },
    yaml: `parameters:\n- name: p\n  type: object\n  default: [a, b]\nsteps:\n- ${x("each n in parameters.p")}:\n  - ${x("if ne(n, 'b')")}:\n    - template: t.yml\n      parameters:\n        n: ${x("n")}`,
    becomes: { steps: [{ script: "a" }] },
  },
];

describe("Templates of a pipeline", () => {
  for (const one of cases) it(`${one.name} (${one.source})`, () => holdsFor(one));
});
