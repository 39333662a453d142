import assert from "node:assert/strict";
import { refusal, results } from "./pipeline-fixture.ts";

describe("A pipeline file", () => {
  it("is refused with everything it asks for that is not supported, each by name and line", () => {
    const problems = refusal(`
trigger: none
resources: { pipelines: [] }
variables:
- group: secrets
- name: fine
  value: "1"
jobs:
- job: a
  container: ubuntu
  strategy: { matrix: {} }
  steps:
  - powershell: Get-Date
  - task: Probe
  - script: echo
    target: host
- job: b
  dependsOn: nowhere
  condition: frobnicate()
  steps:
  - template: other.yml
  - checkout: other
`);
    assert.deepEqual(problems, [
      "line 3: 'pipelines' of resources is not supported here; there are: repositories",
      "line 5: 'group' of a variable is not supported here; there are: name, value, readonly",
      "line 9: the job 'b' depends on 'nowhere', and there is no such job in its stage",
      "line 10: 'container' of a job is not supported here; there are: job, displayName, dependsOn, condition, pool, variables, workspace, timeoutInMinutes, cancelTimeoutInMinutes, strategy, steps",
      "line 11: a matrix needs at least one entry",
      "line 13: 'powershell' steps are not supported here; there are: script, bash, task, checkout",
      "line 14: the task 'Probe' needs a version, as in Probe@1",
      "line 16: 'target' of a script step is not supported here; there are: script, workingDirectory, failOnStderr, name, displayName, condition, enabled, continueOnError, timeoutInMinutes, retryCountOnTaskFailure, env",
      "line 19: the function 'frobnicate' of a condition is not supported here",
      "line 21: the template 'other.yml' is not there",
      "line 22: 'checkout: other' is not supported here",
    ]);
  });

  it("is refused when it names tasks, inputs or service connections that the organization does not have", () => {
    const problems = refusal(`
variables:
  connection: wrong-one
steps:
- task: Unknown@1
- task: Probe@2
- task: Probe@1
  inputs:
    azureSubscription: $(connection)
    frequency: often
`);
    assert.deepEqual(problems, [
      "line 5: the task 'Unknown@1' is not installed in this organization",
      "line 6: the task Probe is installed in version 1, not 2",
      "line 7: the step 'Probe' names the service connection 'wrong-one' (input connectedServiceNameARM), which could not be found",
      "line 7: the task Probe@1 has no input 'frequency'",
    ]);
  });

  for (const [what, yaml, problem] of [
    ["is not YAML", "jobs: [", /^line 1: Flow sequence/],
    ["is empty", "", /^line 1: a pipeline must be a mapping/],
    ["has jobs and steps", "jobs: []\nsteps: []", /exactly one of: stages, jobs, steps/],
    [
      "goes in circles",
      "jobs:\n- job: a\n  dependsOn: b\n- job: b\n  dependsOn: a",
      /'a' depends on itself in the end/,
    ],
    ["has two jobs of one name", "jobs:\n- job: a\n- job: A", /two jobs are named/],
    ["has an else without an if", ["$", "{{ else }}:\n  jobs: []"].join(""), /'else' has no 'if' before it/],
    ["has an agentless job", "pool: server\nsteps:\n- script: echo", /agentless jobs/],
    [
      "looks at jobs in a step's condition",
      "steps:\n- script: echo\n  condition: eq(dependencies.a.result, 'Failed')",
      /'dependencies' cannot be used in this condition; there are: variables/,
    ],
  ] as const)
    it(`is refused when it ${what}`, () => assert.match(refusal(yaml).join("\n"), problem));

  it("may fill in parameters and variables at compile time", async () => {
    const yaml = `
parameters:
- name: word
  type: string
  default: hello
variables:
  greeting: \${{ upper(parameters.word) }}
jobs:
- job: a
  displayName: say \${{ variables.greeting }}
  steps:
  - bash: test "$(System.JobDisplayName)" = "say HELLO"
`;
    assert.deepEqual(await results(yaml), { a: "succeeded" });
  });
});
