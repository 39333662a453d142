// The templates, used as a person uses them and run by the built bundle: whatever becomes of the deployment, nothing stays.
import assert from "node:assert/strict";
import { managedIdentityOperator } from "../../simulator/arm/authorization/built-in-roles.ts";
import { type Scene, story } from "../task/scenario/scenario.ts";
import { jobsPipeline, logOf, needed, resultsOf, stagePipeline, start } from "./using.ts";

const nothing = { agents: [], containerGroups: [] };

describe("The template for a deployment", () => {
  story("creates an agent, deploys on it and removes it", async (scene) => {
    const report = await start(scene, stagePipeline(needed(scene.simulator))).done;
    assert.deepEqual(resultsOf(report), {
      deploy_app_create: "succeeded",
      deploy_app: "succeeded",
      deploy_app_remove: "succeeded",
    });
    assert.match(logOf(report, "deploy_app"), /^on eph-\d+-[a-z0-9]{6}$/m);
  });

  story("serves each leg of a matrix by an agent of its own", async (scene) => {
    const matrix = { web: { target: "web" }, api: { target: "api" }, jobs: { target: "jobs" } };
    const parameters = { ...needed(scene.simulator), agentCount: 3, matrix };
    const report = await start(scene, stagePipeline(parameters)).done;
    assert.equal(report.result, "succeeded", JSON.stringify(resultsOf(report)));
    const agents = ["web", "api", "jobs"].map((leg) => report.jobs[`deploy_app ${leg}`]?.agentName);
    assert.equal(new Set(agents).size, 3, agents.join(", "));
  });

  story("makes the deploy job a deployment to an environment", async (scene) => {
    const parameters = { ...needed(scene.simulator), environment: "production", name: "app" };
    const report = await start(scene, jobsPipeline(parameters)).done;
    assert.deepEqual(resultsOf(report), { app_create: "succeeded", app: "succeeded", app_remove: "succeeded" });
  });

  story("removes the agent of a failed deployment, and makes a new one when the stage is rerun", async (scene) => {
    const steps = [{ bash: "exit 1" }];
    const run = start(scene, stagePipeline({ ...needed(scene.simulator), steps }));
    const first = await run.done;
    assert.deepEqual(resultsOf(first), {
      deploy_app_create: "succeeded",
      deploy_app: "failed",
      deploy_app_remove: "succeeded",
    });
    assert.deepEqual(scene.simulator.leftBehind(), nothing);
    const second = await run.rerunStage("production");
    assert.equal(second.jobs.deploy_app?.result, "failed");
    assert.notEqual(second.jobs.deploy_app?.agentName, first.jobs.deploy_app?.agentName);
  });

  story("removes the agent of a deployment that is canceled", async (scene) => {
    const steps = [{ bash: "echo running; while true; do sleep 0.1; done" }];
    const run = start(scene, stagePipeline({ ...needed(scene.simulator), steps }));
    await run.line("deploy_app", /^running$/);
    run.cancel();
    const report = await run.done;
    assert.equal(report.jobs.deploy_app?.result, "canceled");
    assert.equal(report.jobs.deploy_app_remove?.result, "succeeded", logOf(report, "deploy_app_remove"));
  });

  for (const [title, image] of [
    ["that asks for credentials", (scene: Scene) => scene.simulator.ready.privateImage],
    ["behind a private endpoint", (scene: Scene) => scene.simulator.privateRegistry.image],
  ] as const) {
    story(`pulls the image from a registry ${title}, as the identity of registryIdentity`, async (scene) => {
      const { arm, deployer, pullIdentityId: registryIdentity } = scene.simulator;
      // To hand an identity to a container is a right of its own, which the set-up gives.
      const right = { principalId: deployer.objectId, role: managedIdentityOperator, scope: registryIdentity };
      arm.access.assign(right);
      const { agent, ...rest } = needed(scene.simulator);
      const inputs = { ...(agent as object), imageName: image(scene), registryIdentity };
      const report = await start(scene, stagePipeline({ ...rest, agent: inputs })).done;
      assert.equal(report.result, "succeeded", logOf(report, "deploy_app_create"));
    });
  }

  story("removes the agents of a matrix in which one leg fails", async (scene) => {
    const matrix = { web: { result: "0" }, api: { result: "1" }, jobs: { result: "0" } };
    const steps = [{ bash: "exit $(result)" }];
    const run = start(scene, stagePipeline({ ...needed(scene.simulator), agentCount: 3, matrix, steps }));
    const first = await run.done;
    assert.deepEqual(resultsOf(first), {
      deploy_app_create: "succeeded",
      "deploy_app web": "succeeded",
      "deploy_app api": "failed",
      "deploy_app jobs": "succeeded",
      deploy_app_remove: "succeeded",
    });
    assert.deepEqual(scene.simulator.leftBehind(), nothing);
    const second = await run.rerunStage("production");
    assert.equal(second.jobs["deploy_app web"]?.result, "succeeded");
    assert.notEqual(second.jobs["deploy_app web"]?.agentName, first.jobs["deploy_app web"]?.agentName);
  });

  story("removes the agent of a failed deployment to an environment, also when the stage is rerun", async (scene) => {
    const parameters = { ...needed(scene.simulator), environment: "production", steps: [{ bash: "exit 1" }] };
    const run = start(scene, stagePipeline(parameters));
    const failed = { deploy_app_create: "succeeded", deploy_app: "failed", deploy_app_remove: "succeeded" };
    assert.deepEqual(resultsOf(await run.done), failed);
    assert.deepEqual(scene.simulator.leftBehind(), nothing);
    assert.deepEqual(resultsOf(await run.rerunStage("production")), failed);
  });

  story("removes the agent of a deployment to an environment that is canceled", async (scene) => {
    const steps = [{ bash: "echo running; while true; do sleep 0.1; done" }];
    const run = start(scene, stagePipeline({ ...needed(scene.simulator), environment: "production", steps }));
    await run.line("deploy_app", /^running$/);
    run.cancel();
    const report = await run.done;
    assert.equal(report.jobs.deploy_app?.result, "canceled");
    assert.equal(report.jobs.deploy_app_remove?.result, "succeeded", logOf(report, "deploy_app_remove"));
  });

  story("removes the agent after the deployment when it is not to be watched", async (scene) => {
    const run = start(scene, jobsPipeline({ ...needed(scene.simulator), watch: false }));
    const report = await run.done;
    assert.equal(report.result, "succeeded");
    const order = run.events.items.flatMap((event) =>
      event.kind === "job" && (event.state === "completed" || event.state === "running")
        ? [`${event.job} ${event.state}`]
        : [],
    );
    assert.ok(order.indexOf("deploy_app completed") < order.indexOf("deploy_app_remove running"), order.join("\n"));
  });

  story("creates the agent beside a build, which the deployment waits for", async (scene) => {
    const buildJobs = [{ job: "build", pool: { vmImage: "ubuntu-latest" }, steps: [{ bash: "echo built" }] }];
    const run = start(scene, jobsPipeline({ ...needed(scene.simulator), buildJobs }));
    const report = await run.done;
    assert.equal(report.result, "succeeded");
    const order = run.events.items.flatMap((event) => (event.kind === "job" ? [`${event.job} ${event.state}`] : []));
    assert.ok(order.indexOf("build completed") < order.indexOf("deploy_app queued"), order.join("\n"));
    assert.ok(order.indexOf("deploy_app_create queued") < order.indexOf("build completed"), order.join("\n"));
  });

  story("deploys nothing when the build fails, and removes the agent", async (scene) => {
    const buildJobs = [{ job: "build", pool: { vmImage: "ubuntu-latest" }, steps: [{ bash: "exit 1" }] }];
    const report = await start(scene, jobsPipeline({ ...needed(scene.simulator), buildJobs })).done;
    assert.equal(report.jobs.deploy_app?.result, "skipped");
    assert.equal(report.jobs.deploy_app_remove?.result, "succeeded", logOf(report, "deploy_app_remove"));
  });

  const own = "ne(variables['Build.BuildId'], '')";

  for (const environment of ["", "production"])
    story(
      `deploys ${environment || "to no environment"} only if every build succeeds, also on a condition`,
      async (scene) => {
        const build = (job: string, bash: string) => ({ job, pool: { vmImage: "ubuntu-latest" }, steps: [{ bash }] });
        const buildJobs = [build("app", "echo built"), build("database", "exit 1")];
        const parameters = { ...needed(scene.simulator), environment, condition: own, buildJobs };
        const report = await start(scene, jobsPipeline(parameters)).done;
        assert.equal(report.jobs.deploy_app_create?.result, "succeeded");
        assert.equal(report.jobs.deploy_app?.result, "skipped");
        assert.equal(report.jobs.deploy_app_remove?.result, "succeeded", logOf(report, "deploy_app_remove"));
      },
    );

  story("deploys on a condition when the builds succeed", async (scene) => {
    const build = (job: string) => ({ job, pool: { vmImage: "ubuntu-latest" }, steps: [{ bash: "echo built" }] });
    const parameters = { ...needed(scene.simulator), condition: own, buildJobs: [build("app"), build("database")] };
    const report = await start(scene, jobsPipeline(parameters)).done;
    assert.equal(report.jobs.deploy_app?.result, "succeeded");
  });

  story("starts nothing on a condition when the run was canceled before", async (scene) => {
    const bash = "echo running; while true; do sleep 0.1; done";
    const before = { job: "before", pool: { vmImage: "ubuntu-latest" }, steps: [{ bash }] };
    const parameters = { ...needed(scene.simulator), condition: own, dependsOn: ["before"] };
    const run = start(scene, jobsPipeline(parameters, [before]));
    await run.line("before", /^running$/);
    run.cancel();
    assert.deepEqual(resultsOf(await run.done), {
      before: "canceled",
      deploy_app_create: "skipped",
      deploy_app: "skipped",
      deploy_app_remove: "skipped",
    });
  });

  story("creates nothing when its condition does not hold, and has nothing to remove", async (scene) => {
    const condition = "eq(variables['Build.SourceBranchName'], 'release')";
    const report = await start(scene, jobsPipeline({ ...needed(scene.simulator), condition })).done;
    assert.deepEqual(resultsOf(report), {
      deploy_app_create: "skipped",
      deploy_app: "skipped",
      deploy_app_remove: "skipped",
    });
  });

  story("runs slices of one job side by side, each on an agent of its own", async (scene) => {
    const steps = [{ bash: "echo slice $(System.JobPositionInPhase)" }];
    const parameters = { ...needed(scene.simulator), steps, parallel: 2 };
    const report = await start(scene, jobsPipeline(parameters)).done;
    assert.equal(report.result, "succeeded", JSON.stringify(resultsOf(report)));
    assert.match(logOf(report, "deploy_app 2"), /^slice 2$/m);
  });
});
