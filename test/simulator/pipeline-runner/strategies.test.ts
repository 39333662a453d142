import assert from "node:assert/strict";
import { type Offered, refusal, results, start, testOrganization } from "./pipeline-fixture.ts";

const matrix = `
jobs:
- job: deploy
  strategy:
    matrix:
      web: { target: front }
      api: { target: back }
  steps:
  - bash: echo "##vso[task.setvariable variable=where;isoutput=true]$(target)"
    name: set
- job: after
  dependsOn: deploy
  variables:
    web: $[ dependencies.deploy.outputs['web.set.where'] ]
    api: $[ dependencies.deploy.outputs['api.set.where'] ]
  steps:
  - bash: test "$(web) $(api)" = "front back"
`;

describe("A matrix", () => {
  it("makes a job of each leg, with its variables, whose outputs are named after the leg", async () => {
    assert.deepEqual(await results(matrix), {
      "deploy web": "succeeded",
      "deploy api": "succeeded",
      after: "succeeded",
    });
  });

  it("runs every leg to its end, and fails when one does", async () => {
    const yaml = `
jobs:
- job: deploy
  strategy:
    matrix:
      bad: { code: 1 }
      good: { code: 0 }
  steps:
  - bash: exit $(code)
- job: after
  dependsOn: deploy
  steps:
  - bash: echo
`;
    assert.deepEqual(await results(yaml), { "deploy bad": "failed", "deploy good": "succeeded", after: "skipped" });
  });

  it("gives each leg an id, a name and a place in the timeline of its own", async () => {
    const run = start(matrix);
    await run.done;
    const jobs = run.run.timeline
      .records()
      .filter(({ type, identifier = "" }) => type === "Job" && /^deploy/.test(identifier));
    assert.deepEqual(
      jobs.map(({ name, identifier, order }) => ({ name, identifier, order })),
      [
        { name: "deploy web", identifier: "deploy.web", order: 1 },
        { name: "deploy api", identifier: "deploy.api", order: 2 },
      ],
    );
    assert.equal(new Set(jobs.map(({ id }) => id)).size, 2);
    assert.equal(new Set(jobs.map(({ parentId }) => parentId)).size, 1);
  });

  it("has no more jobs at once than maxParallel", async () => {
    const test = testOrganization();
    let most = 0;
    let now = 0;
    test.onOffer = ({ end }: Offered) => {
      now += 1;
      most = Math.max(most, now);
      setImmediate(() => {
        now -= 1;
        end({});
      });
    };
    const yaml = `
pool: p
jobs:
- job: a
  strategy:
    maxParallel: 2
    matrix: { a: {}, b: {}, c: {}, d: {} }
  steps: [{ bash: echo }]
`;
    const { result, jobs } = await start(yaml, { in: test }).done;
    assert.equal(result, "succeeded");
    assert.equal(Object.keys(jobs).length, 4);
    assert.equal(most, 2);
  });

  it("is refused when it is made at run time, or named badly", () => {
    const runTime = "jobs:\n- job: a\n  strategy:\n    matrix: $[ dependencies.b.outputs['m.legs'] ]\n  steps: []";
    assert.match(refusal(runTime).join("\n"), /line 4: a matrix must be a mapping.*run time is not supported/);
    const named = "jobs:\n- job: a\n  strategy:\n    matrix: { 'a-b': {} }\n  steps: []";
    assert.match(refusal(named).join("\n"), /the matrix name 'a-b' may have letters, digits and underscores only/);
  });
});

describe("Slices of a job", () => {
  it("know their position and how many there are", async () => {
    const yaml = `
jobs:
- job: a
  strategy: { parallel: 2 }
  steps:
  - bash: echo "slice $(System.JobPositionInPhase) of $(System.TotalJobsInPhase)"
`;
    const { jobs } = await start(yaml).done;
    const said = Object.values(jobs).map(({ log }) => log.find((line) => line.startsWith("slice")));
    assert.deepEqual(said, ["slice 1 of 2", "slice 2 of 2"]);
  });
});

describe("A deployment", () => {
  const hooks = (deploy: string): string => `
jobs:
- deployment: app
  environment: production
  pool: p
  strategy:
    runOnce:
      on:
        failure: { steps: [{ bash: echo }] }
        success: { steps: [{ bash: echo }] }
      preDeploy: { steps: [{ bash: echo }] }
      deploy: { steps: [{ bash: ${deploy} }] }
      routeTraffic: { steps: [{ bash: echo }] }
      postRouteTraffic: { steps: [{ bash: echo }] }
`;

  /** Hooks in the order in which they reached the pool. */
  async function order(fails: string): Promise<{ seen: string[]; jobs: Record<string, string> }> {
    const test = testOrganization();
    const seen: string[] = [];
    test.onOffer = ({ offer, end }: Offered) => {
      seen.push(offer.jobName);
      end({ result: offer.jobName === fails ? "failed" : "succeeded" });
    };
    const { jobs } = await start(hooks("echo"), { in: test }).done;
    return { seen, jobs: Object.fromEntries(Object.entries(jobs).map(([name, { result }]) => [name, result])) };
  }

  it("runs its lifecycle hooks in turn, each as a job of its own", async () => {
    const { seen, jobs } = await order("none");
    assert.deepEqual(seen, ["app preDeploy", "app deploy", "app routeTraffic", "app postRouteTraffic", "app success"]);
    assert.equal(jobs["app failure"], "skipped");
  });

  it("goes on to what is for a failure when a hook fails", async () => {
    const { seen, jobs } = await order("app deploy");
    assert.deepEqual(seen, ["app preDeploy", "app deploy", "app failure"]);
    assert.equal(jobs["app success"], "skipped");
  });

  it("is one job like any other when it has nothing but steps to deploy", async () => {
    const yaml = `
jobs:
- deployment: app
  environment: { name: production }
  strategy: { runOnce: { deploy: { steps: [{ bash: echo }] } } }
`;
    assert.deepEqual(await results(yaml), { app: "succeeded" });
  });
});
