// Classic releases: the run is the release, which has no timeline that the task could read, and words of its own.
import assert from "node:assert/strict";
import { stringify } from "yaml";
import type { RunReport } from "../../../simulator/pipeline-runner/run/run-results.ts";
import { deployJob, taskJob } from "../scenario/pipelines.ts";
import { type Scene, story } from "../scenario/scenario.ts";
import { registration } from "../scenario/task-requests.ts";

type Job = ReturnType<typeof taskJob>;

/** Stages that all begin with the release; the jobs of each run one after the other. */
const release = (...stages: readonly (readonly Job[])[]): string =>
  stringify({
    trigger: "none",
    stages: stages.map((jobs, index) => ({
      stage: `Stage${index + 1}`,
      dependsOn: [],
      jobs: jobs.map((job, at) => ({ ...job, ...(at > 0 && { dependsOn: jobs[at - 1]?.job }) })),
    })),
  });

/** As docs/ways-in.md has it: in one stage, three agent jobs. */
const oneStage = ({ simulator }: Scene, script: string): string => {
  const azureSubscription = "azure-federated";
  const demands = "EphemeralAgent.Run -equals $(Release.ReleaseId)";
  return release([
    taskJob(simulator, "make", { action: "create", azureSubscription }),
    deployJob(simulator, script, { pool: { name: simulator.ready.pool, demands } }),
    taskJob(simulator, "take", { action: "remove", azureSubscription }, { condition: "always()" }),
  ]);
};

const resultsOf = ({ jobs }: RunReport) =>
  Object.fromEntries(Object.entries(jobs).map(([name, { result }]) => [name, result]));

/** The one agent that was made carried the job out. */
function assertOwnAgent({ simulator }: Scene, { jobs }: RunReport, job: string): void {
  assert.match(jobs[job]?.agentName ?? "", /^eph-/);
  assert.equal(simulator.requests.entries.filter(registration).length, 1, "one agent was enough");
}

describe("A classic release", () => {
  story("makes its agent, deploys on it and removes it", async (scene) => {
    const started = scene.pipeline(oneStage(scene, "echo of $(Release.ReleaseName)"), { kind: "Release" });
    await started.line("deploy", /^of Release-\d+$/);
    const report = await started.done;
    assert.deepEqual(resultsOf(report), { make: "succeeded", deploy: "succeeded", take: "succeeded" });
    assertOwnAgent(scene, report, "deploy");
  });

  story("removes its agent though the deployment failed", async (scene) => {
    const started = scene.pipeline(oneStage(scene, "exit 3"), { kind: "Release" });
    const report = await started.done;
    assert.deepEqual(resultsOf(report), { make: "succeeded", deploy: "failed", take: "succeeded" });
    assertOwnAgent(scene, report, "deploy");
  });

  story("runs an agent beside a stage that deploys on it", async (scene) => {
    const { simulator } = scene;
    simulator.organization.addPlaceholder(simulator.ready.pool);
    const yaml = release([taskJob(simulator, "agent", { action: "run" })], [deployJob(simulator, "echo deployed")]);
    const report = await scene.pipeline(yaml, { kind: "Release" }).done;
    assert.deepEqual(resultsOf(report), { agent: "succeeded", deploy: "succeeded" });
    assertOwnAgent(scene, report, "deploy");
  });
});
