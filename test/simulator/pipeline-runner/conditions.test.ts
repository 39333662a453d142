import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { events, results, start } from "./pipeline-fixture.ts";

/** Jobs that do what their name says, each in one line: name, script, dependencies, condition. */
const jobs = (...lines: [name: string, script: string, dependsOn?: string | undefined, condition?: string][]): string =>
  `jobs:${lines
    .map(
      ([name, script, dependsOn, condition]) => `
- job: ${name}
${dependsOn === undefined ? "" : `  dependsOn: [${dependsOn}]`}
${condition === undefined ? "" : `  condition: ${condition}`}
  steps:
  - bash: ${JSON.stringify(script)}`,
    )
    .join("")}`;

describe("Jobs of a run", () => {
  it("are skipped after a failure unless their condition says otherwise", async () => {
    const yaml = jobs(
      ["breaks", "exit 1"],
      ["usual", "echo", "breaks"],
      ["indirect", "echo", "usual"],
      ["always", "echo", "breaks", "always()"],
      ["failed", "echo", "indirect", "failed()"],
      ["either", "echo", "breaks", "succeededOrFailed()"],
      ["named", "echo", "breaks, always", "and(failed('breaks'), succeeded('always'))"],
      ["byResult", "echo", "breaks", "in(dependencies.breaks.result, 'Succeeded', 'Skipped')"],
      ["alone", "echo"],
    );
    assert.deepEqual(await results(yaml), {
      breaks: "failed",
      usual: "skipped",
      indirect: "skipped",
      always: "succeeded",
      failed: "succeeded",
      either: "succeeded",
      named: "succeeded",
      byResult: "skipped",
      alone: "succeeded",
    });
  });

  it("that depend on a skipped job are skipped as well", async () => {
    const yaml = jobs(["never", "echo", undefined, "false"], ["after", "echo", "never"], ["later", "echo", "after"]);
    assert.deepEqual(await results(yaml), { never: "skipped", after: "skipped", later: "skipped" });
    assert.equal((await start(yaml).done).result, "skipped");
  });

  it("still run when the run is cancelled, if their condition holds then", async () => {
    const yaml = jobs(
      ["long", "echo ready; exec sleep 60"],
      ["usual", "echo", "long"],
      ["clean", "echo", "long", "always()"],
      ["onCancel", "echo", "long", "canceled()"],
      ["onFailure", "echo", "long", "failed()"],
    );
    const { onEvent, until } = events();
    const run = start(yaml, { onEvent });
    await until("long: ready");
    run.cancel();
    const { result, jobs: ended } = await run.done;
    assert.deepEqual(Object.fromEntries(Object.entries(ended).map(([name, job]) => [name, job.result])), {
      long: "canceled",
      usual: "skipped",
      clean: "succeeded",
      onCancel: "succeeded",
      onFailure: "skipped",
    });
    assert.equal(result, "canceled");
    assert.equal(run.run.result, "canceled");
  });

  it("can be cancelled one by one", async () => {
    const yaml = jobs(["one", "echo ready; exec sleep 60"], ["two", "echo fine"], ["after", "echo", "one", "failed()"]);
    const { onEvent, until } = events();
    const run = start(yaml, { onEvent });
    await until("one: ready");
    run.cancelJob("one");
    const ended = await run.done;
    assert.equal(ended.jobs.one?.result, "canceled");
    assert.equal(ended.jobs.two?.result, "succeeded");
    assert.equal(ended.jobs.after?.result, "skipped");
    assert.equal(ended.result, "canceled");
  });
});

describe("Stages of a run", () => {
  it("follow one another, see the outputs of those before, and are skipped after a failure", async () => {
    const yaml = `
stages:
- stage: make
  jobs:
  - job: create
    steps:
    - bash: echo "##vso[task.setvariable variable=name;isoutput=true]eph-7"
      name: out
- stage: use
  condition: and(succeeded(), eq(dependencies.make.outputs['create.out.name'], 'eph-7'))
  variables:
    agent: $[ stageDependencies.make.create.outputs['out.name'] ]
  jobs:
  - job: work
    steps:
    - bash: test "$(agent)" = eph-7 && test "$(System.StageName)" = use && exit 5
- stage: later
  jobs:
  - job: skipped
    steps:
    - bash: echo
- stage: clean
  dependsOn: [make, use]
  condition: always()
  jobs:
  - job: sweep
    steps:
    - bash: echo
`;
    assert.deepEqual(await results(yaml), {
      create: "succeeded",
      work: "failed",
      skipped: "skipped",
      sweep: "succeeded",
    });
  });

  it("run side by side when they depend on nothing", async () => {
    const wait = (mine: string, other: string): string =>
      `touch "$SHARED/${mine}"; until [ -e "$SHARED/${other}" ]; do read -rt 0.01 <> <(:); done; true`;
    const shared = mkdtempSync(join(tmpdir(), "side-by-side-"));
    const yaml = `
stages:
- stage: a
  jobs:
  - job: one
    steps: [{ bash: '${wait("a", "b")}' }]
- stage: b
  dependsOn: []
  jobs:
  - job: two
    steps: [{ bash: '${wait("b", "a")}' }]
`;
    const ended = await results(yaml, { variables: { shared } });
    rmSync(shared, { recursive: true });
    assert.deepEqual(ended, { one: "succeeded", two: "succeeded" });
  });
});
