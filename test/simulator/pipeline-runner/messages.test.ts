import assert from "node:assert/strict";
import { connection, type Offered, results, start, testOrganization } from "./pipeline-fixture.ts";

/** What reaches the pool when this file runs; the job then ends at once. */
async function offered(yaml: string): Promise<Offered[]> {
  const test = testOrganization();
  const seen: Offered[] = [];
  test.onOffer = (offer) => {
    seen.push(offer);
    offer.end({});
  };
  await start(yaml, { in: test }).done;
  assert.equal(test.tokens.size, 0, "a job's token is revoked when the job is over");
  return seen;
}

const value = (job: Offered | undefined, name: string): string | undefined => job?.message.variables[name]?.value;

describe("A job for a pool", () => {
  it("has its demands expanded one level, out of what is known without another job", async () => {
    const [job] = await offered(`
variables:
  pool: my-pool
  nested: $(Build.BuildId)
jobs:
- job: create
  steps:
  - bash: echo "##vso[task.setvariable variable=name;isoutput=true]eph-1"
    name: out
- job: deploy
  dependsOn: create
  variables:
    agent: $[ dependencies.create.outputs['out.name'] ]
  pool:
    name: $(pool)
    demands:
    - EphemeralAgent.Run -equals $(Build.BuildId)
    - EphemeralAgent.Stage -equals $(System.StageName)
    - a -equals $(nested)
    - b -equals $(agent)
    - c -equals $(nobody)
  steps:
  - bash: echo
`);
    assert.equal(job?.offer.poolName, "my-pool");
    assert.deepEqual(job?.offer.demands, [
      "EphemeralAgent.Run -equals 1",
      "EphemeralAgent.Stage -equals __default",
      "a -equals $(Build.BuildId)",
      "b -equals $(agent)",
      "c -equals $(nobody)",
    ]);
    assert.equal(value(job, "agent"), "eph-1", "the job itself gets the output");
  });

  it("is offered as the service would, under ids that no run of its own has", async () => {
    const yaml =
      "pool: p\nstages:\n- stage: s\n  jobs:\n  - job: j\n    displayName: A job\n    steps: [{ bash: echo }]";
    const [first] = await offered(yaml);
    const [second] = await offered(yaml);
    assert.ok(first && second);
    assert.equal(first.offer.jobId, second.offer.jobId);
    assert.notEqual(first.offer.planId, second.offer.planId);
    assert.equal(first.offer.jobName, "A job");
    assert.equal(first.offer.orchestrationId, `${first.offer.planId}.s.j.__default`);
    assert.deepEqual(first.offer.owner.id, 1);
    assert.equal(first.offer.planType, "Build");
  });

  it("gets the service's variables, its token, and only the connections that its steps name", async () => {
    const [job, other] = await offered(`
pool: p
jobs:
- job: with
  steps:
  - task: Probe@1
    inputs: { azureSubscription: azure-private-deployments, text: " $(Build.BuildId) " }
- job: without
  dependsOn: with
  steps:
  - bash: echo
`);
    const expected = {
      "System.CollectionUri": "https://localhost:3/contoso/",
      "System.TeamProject": "Shop",
      "System.HostType": "build",
      "Build.BuildId": "1",
      "System.StageName": "__default",
      "System.StageAttempt": "1",
      "System.PhaseName": "with",
      "System.JobName": "__default",
      "System.JobDisplayName": "with",
      "System.JobAttempt": "1",
      "System.DefinitionId": "1",
    };
    for (const [name, wanted] of Object.entries(expected)) assert.equal(value(job, name), wanted, name);
    assert.match(value(job, "System.OidcRequestUri") ?? "", new RegExp(`/jobs/${job?.offer.jobId}/oidctoken$`));
    assert.equal(job?.message.variables["System.AccessToken"]?.isSecret, true);
    assert.equal(value(job, "System.JobId"), job?.offer.jobId);
    assert.deepEqual(
      job?.message.resources.endpoints.map(({ name }) => name),
      ["SystemVssConnection", connection.name],
    );
    assert.deepEqual(
      other?.message.resources.endpoints.map(({ name }) => name),
      ["SystemVssConnection"],
    );
    const inputs = job?.message.steps[0]?.inputs;
    assert.deepEqual(inputs, { connectedServiceNameARM: connection.id, words: " $(Build.BuildId) " });
  });

  it("has all that an agent reads: its plan's version, typed steps with their tasks, masks, a workspace and the sources", async () => {
    const [job] = await offered("pool: p\nvariables: { open: word }\nsteps: [{ task: Probe@1 }, { bash: echo }]");
    const message = job?.message;
    assert.ok(message);
    assert.equal(message.plan.version, 12);
    const [probe, bash] = message.steps;
    assert.deepEqual([probe?.type, probe?.reference.name, bash?.reference.name], ["task", "Probe", "Bash"]);
    for (const { reference } of message.steps) {
      assert.match(reference.id, /^[0-9a-f-]{36}$/);
      assert.match(reference.version, /^\d+\.\d+\.\d+$/);
    }
    const token = message.variables["System.AccessToken"]?.value ?? "";
    const isMasked = (text: string) => message.mask?.some(({ value }) => new RegExp(value).test(text));
    assert.deepEqual([isMasked(token), isMasked("word")], [true, false]);
    assert.deepEqual(message.workspace, {});
    assert.deepEqual(
      message.resources.repositories?.map(({ alias }) => alias),
      ["self"],
    );
    const [own] = message.resources.endpoints;
    assert.deepEqual([own?.name, own?.authorization.scheme], ["SystemVssConnection", "OAuth"]);
  });

  it("gives its outputs to the jobs after it, a secret one as a secret", async () => {
    const test = testOrganization();
    test.onOffer = ({ end }) =>
      end({ outputs: { "s.open": { value: "seen" }, "s.hidden": { value: "private-thing", isSecret: true } } });
    const run = start(
      `
jobs:
- job: made
  pool: p
  steps: [{ bash: echo }]
- job: after
  dependsOn: made
  variables:
    open: $[ dependencies.made.outputs['s.open'] ]
    hidden: $[ dependencies.made.outputs['s.hidden'] ]
  steps:
  - bash: echo "$(open) <$HIDDEN> $(hidden)"
`,
      { in: test },
    );
    const { jobs } = await run.done;
    assert.ok(jobs.after?.log.includes("seen <> ***"), jobs.after?.log.join("\n"));
  });

  it("has a deployment job's outputs under the job's name too", async () => {
    const yaml = `
jobs:
- deployment: ship
  environment: production
  strategy:
    runOnce:
      deploy:
        steps:
        - bash: |
            echo "##vso[task.setvariable variable=x;isoutput=true]1"
          name: s
        - bash: test "$(s.x)" = 1
- job: after
  dependsOn: ship
  condition: and(succeeded(), eq(dependencies.ship.outputs['ship.s.x'], '1'))
  steps: [{ bash: echo }]
`;
    assert.deepEqual(await results(yaml), { ship: "succeeded", after: "succeeded" });
  });
});

describe("A job that no agent can take", () => {
  it("fails with the service's words as its issue, and what depends on it is skipped", async () => {
    const test = testOrganization();
    test.onOffer = ({ end }) => end({ result: "failed", message: "No agent found in pool p" });
    const run = start(
      "jobs:\n- job: a\n  pool: p\n  steps: [{ bash: echo }]\n- job: b\n  dependsOn: a\n  steps: [{ bash: echo }]",
      {
        in: test,
      },
    );
    const { jobs, result } = await run.done;
    assert.deepEqual(jobs.a?.issues, [{ type: "error", message: "No agent found in pool p" }]);
    assert.ok(jobs.a?.log.includes("##[error]No agent found in pool p"));
    assert.equal(jobs.b?.result, "skipped");
    assert.equal(result, "failed");
  });
});
