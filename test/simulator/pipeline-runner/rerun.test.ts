import assert from "node:assert/strict";
import { type Offered, start, testOrganization } from "./pipeline-fixture.ts";

const yaml = `
pool: p
stages:
- stage: build
  jobs:
  - job: compile
    steps: [{ bash: echo }]
- stage: ship
  jobs:
  - job: create
    steps: [{ bash: echo }]
  - job: deploy
    dependsOn: create
    steps: [{ bash: echo }]
  - job: remove
    dependsOn: [create, deploy]
    condition: always()
    steps: [{ bash: echo }]
- stage: tell
  jobs:
  - job: mail
    steps: [{ bash: echo }]
`;

/** An organization whose deploy job fails as often as told. */
function failing(times: number): { test: ReturnType<typeof testOrganization>; seen: string[] } {
  const test = testOrganization();
  const seen: string[] = [];
  let failures = 0;
  test.onOffer = ({ offer, message, end }: Offered) => {
    const attempt = (name: string): string => message.variables[name]?.value ?? "";
    seen.push(
      `${offer.jobName} ${attempt("System.StageAttempt")}.${attempt("System.JobAttempt")} of ${offer.owner.id}`,
    );
    const fails = offer.jobName === "deploy" && failures < times;
    if (fails) failures += 1;
    end({ result: fails ? "failed" : "succeeded" });
  };
  return { test, seen };
}

describe("Running again", () => {
  it("runs the failed job and what depends on it, in the same run", async () => {
    const { test, seen } = failing(1);
    const run = start(yaml, { in: test });
    const first = await run.done;
    assert.equal(first.result, "failed");
    assert.equal(first.jobs.mail?.result, "skipped");
    assert.deepEqual(seen.splice(0), ["compile 1.1 of 1", "create 1.1 of 1", "deploy 1.1 of 1", "remove 1.1 of 1"]);
    const again = await run.rerunFailed();
    assert.equal(again.result, "succeeded");
    assert.deepEqual(seen, ["deploy 2.2 of 1", "remove 2.2 of 1", "mail 2.2 of 1"]);
    assert.equal(run.run.result, "succeeded");
  });

  it("runs a whole stage, with the stages after it", async () => {
    const { test, seen } = failing(1);
    const run = start(yaml, { in: test });
    await run.done;
    seen.splice(0);
    const again = await run.rerunStage("ship");
    assert.deepEqual(seen, ["create 2.2 of 1", "deploy 2.2 of 1", "remove 2.2 of 1", "mail 2.2 of 1"]);
    assert.equal(again.jobs.compile?.result, "succeeded", "what was not run again keeps its result");
    const attempts = run.run.timeline
      .records()
      .map(({ identifier, attempt, state }) => `${identifier} ${attempt} ${state}`);
    assert.ok(attempts.includes("ship.deploy.__default 2 completed"));
    assert.ok(!attempts.some((text) => text.startsWith("ship.deploy.__default 1")), "of the first try nothing stays");
    assert.ok(attempts.includes("build.compile.__default 1 completed"));
  });
});
