import assert from "node:assert/strict";
import type { LoggedRequest } from "../../simulator/http/request-log.ts";
import type { Simulator } from "../../simulator/start-simulator.ts";
import { gate as hostedGate, pipeline, taskJob } from "../task/scenario/pipelines.ts";
import { type Lab, lab, logOf } from "./lab.ts";

/** A job for the one agent that its run has made. */
function deployJob({ ready }: Simulator, script: string, dependsOn: string) {
  const pool = { name: ready.pool, demands: "EphemeralAgent.Run -equals $(Build.BuildId)" };
  return { job: "deploy", dependsOn, pool, steps: [{ checkout: "none" }, { bash: script }] };
}

const removal = (simulator: Simulator) =>
  taskJob(simulator, "remove", { action: "remove" }, { dependsOn: ["create", "deploy"], condition: "always()" });

describe("an agent in a real container, registered by the task,", () => {
  const opened = lab({ organization: { lockMs: 4_000 } });

  /** create, then the script on the agent, then remove whatever became of it. */
  function sequence(script: string, inputs: Readonly<Record<string, string>> = {}): string {
    const { simulator } = opened();
    return pipeline(
      taskJob(simulator, "create", { action: "create", imageName: simulator.ready.bakedImage, ...inputs }),
      deployJob(simulator, script, "create"),
      removal(simulator),
    );
  }

  const deploys = (lab: Lab): string =>
    `id -un; curl -fsS -X PUT --data content ${lab.simulator.network.privateResource.url}deployments/app`;

  async function runs(image: string, expected: { readonly user: string; readonly log: RegExp }): Promise<void> {
    const run = opened().pipeline(sequence(deploys(opened()), { imageName: image }));
    await run.state("create", "completed");
    assert.match((await opened().onlyGroup()).deployment.log.read(), expected.log);
    const report = await run.done;
    assert.equal(
      report.result,
      "succeeded",
      Object.keys(report.jobs)
        .map((name) => logOf(report, name))
        .join("\n"),
    );
    assert.match(logOf(report, "deploy"), new RegExp(`^${expected.user}$`, "m"));
    assert.equal(opened().simulator.network.privateResource.deployments.get("app"), "content");
    opened().assertNothingLeft();
  }

  it("runs its job as the user agent, from an image with the agent baked in", () =>
    runs(opened().simulator.ready.bakedImage, { user: "agent", log: /brings the agent/ }));

  it("runs its job as root, from an image with no such user, and downloads the agent", () =>
    runs(opened().simulator.ready.image, { user: "root", log: /Downloading the agent package/ }));

  it("runs its job from an image that starts as another user", () =>
    runs(`${opened().simulator.registry.server}/non-root:latest`, { user: "agent", log: /brings the agent/ }));

  it("keeps its start files, its environment and its marks from the job", async () => {
    const script = `
      cat /mnt/ephemeral-agent/*/agent.json /mnt/ephemeral-agent/agent.json && echo read-a-start-file
      ls /mnt/ephemeral-agent/* && echo listed-start-files
      cat /proc/1/environ && echo read-the-environment
      rm -r /mnt/ephemeral-state/first-second && echo removed-a-mark
      rm -r /mnt/ephemeral-state/job-started && echo removed-a-mark
      mv /mnt/ephemeral-state/diag /mnt/ephemeral-state/other && echo moved-the-logs
      ls /mnt/ephemeral-state
      true`;
    const run = opened().pipeline(sequence(script));
    const log = logOf(await run.done, "deploy");
    assert.doesNotMatch(log, /^(read|listed|removed|moved)-/m, log);
    assert.match(log, /^first-second$/m);
    opened().assertNothingLeft();
  });

  it("serves no second job when its container crashes in the first", async () => {
    const gate = opened().gate("never");
    const run = opened().pipeline(sequence(gate.script));
    await run.line("deploy", /^started$/);
    const group = await opened().onlyGroup();
    await group.deployment.crash();
    await group.when(({ deployment }) => /No second one is taken/.test(deployment.log.read()));
    assert.equal(group.deployment.view?.restartCount, 1);
    await group.when(({ state }) => state === "Succeeded");
    const report = await run.done;
    assert.equal(report.jobs.deploy?.result, "failed");
    assert.equal(report.jobs.remove?.result, "succeeded", logOf(report, "remove"));
    opened().assertNothingLeft();
  });

  it("serves its one job after the platform has restarted its container before it", async () => {
    const { simulator } = opened();
    const gate = hostedGate();
    const hold = {
      job: "hold",
      dependsOn: "create",
      pool: { vmImage: "ubuntu-latest" },
      steps: [{ bash: gate.script }],
    };
    const create = taskJob(simulator, "create", { action: "create", imageName: simulator.ready.bakedImage });
    const run = opened().pipeline(
      pipeline(create, hold, deployJob(simulator, "echo served", "hold"), removal(simulator)),
    );
    await run.line("hold", /^started$/);
    const group = await opened().onlyGroup();
    const before = simulator.requests.entries.length;
    await group.deployment.restartByPlatform();
    await simulator.requests.answered(
      ({ method, url, status }) => method === "POST" && url.endsWith("/sessions") && status === 200,
      before,
    );
    assert.equal(group.deployment.view?.restartCount, 1);
    gate.open();
    const report = await run.done;
    assert.equal(report.result, "succeeded", logOf(report, "deploy"));
    assert.match(logOf(report, "deploy"), /^served$/m);
    opened().assertNothingLeft();
  });

  it("is killed at the memory that its group asked for, and so is its job", async () => {
    const script = 'x=$(head -c 2000M /dev/zero | tr "\\0" a); echo survived';
    const run = opened().pipeline(sequence(script, { memory: "0.5" }));
    const report = await run.done;
    assert.notEqual(report.jobs.deploy?.result, "succeeded");
    assert.doesNotMatch(logOf(report, "deploy"), /^survived$/m);
    assert.equal(report.jobs.remove?.result, "succeeded", logOf(report, "remove"));
    opened().assertNothingLeft();
  });

  it("is gone after its group was stopped in the middle of its job", async () => {
    const gate = opened().gate("never");
    const run = opened().pipeline(sequence(gate.script));
    await run.line("deploy", /^started$/);
    await (await opened().onlyGroup()).stop();
    const report = await run.done;
    assert.equal(report.jobs.deploy?.result, "failed");
    assert.equal(report.jobs.remove?.result, "succeeded", logOf(report, "remove"));
    opened().assertNothingLeft();
  });

  it("registers, unregisters and deletes itself when the task leaves all that to the container", async () => {
    const { simulator } = opened();
    const userAssignedIdentities = opened().selfDeletingIdentity();
    opened().allowAssigning(userAssignedIdentities);
    const inputs = {
      action: "create",
      imageName: simulator.ready.bakedImage,
      azureDevOpsToken: simulator.ready.pat,
      agentRegistration: "container",
      selfDestruct: "true",
      userAssignedIdentities,
    };
    const run = opened().pipeline(
      pipeline(taskJob(simulator, "create", inputs), deployJob(simulator, deploys(opened()), "create")),
    );
    const report = await run.done;
    assert.equal(report.result, "succeeded", logOf(report, "create") + logOf(report, "deploy"));
    const isDelete = ({ method, url }: LoggedRequest): boolean =>
      method === "DELETE" && url.includes("/containerGroups/");
    assert.equal((await simulator.requests.answered(isDelete)).caller, "id-self-delete");
    opened().assertNothingLeft();
  });
});
