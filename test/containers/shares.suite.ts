import assert from "node:assert/strict";
import type { Simulator } from "../../simulator/start-simulator.ts";
import { pipeline, taskJob } from "../task/scenario/pipelines.ts";
import { lab, logOf } from "./lab.ts";

const workspaceId = "11111111-2222-3333-4444-555555555555";

describe("a real container with a file share and a Log Analytics workspace", () => {
  const opened = lab();

  /** A run whose job has the share at `/cache`. @returns what the job printed */
  async function job(script: string, more = ""): Promise<string> {
    const { simulator } = opened();
    const run = opened().pipeline(sequence(simulator, script, more));
    const report = await run.done;
    assert.equal(report.result, "succeeded", logOf(report, "create") + logOf(report, "deploy"));
    opened().assertNothingLeft();
    return logOf(report, "deploy");
  }

  function sequence(simulator: Simulator, script: string, more: string): string {
    const create = taskJob(simulator, "create", {
      action: "create",
      imageName: simulator.ready.bakedImage,
      volumes: `azureFile share=cache account=stshop key=c2VjcmV0 mountPath=/cache${more}`,
      logAnalyticsWorkspaceId: workspaceId,
      logAnalyticsWorkspaceKey: "a2V5",
    });
    const pool = { name: simulator.ready.pool, demands: "EphemeralAgent.Run -equals $(Build.BuildId)" };
    const steps = [{ checkout: "none" }, { bash: script }];
    const after = { dependsOn: ["create", "deploy"], condition: "always()" };
    return pipeline(
      create,
      { job: "deploy", dependsOn: "create", pool, steps },
      taskJob(simulator, "remove", { action: "remove" }, after),
    );
  }

  it("keeps in the share what a job writes there, for the jobs of other containers", async () => {
    await job("id -un; echo of the first > /cache/left");
    assert.match(await job("echo found $(cat /cache/left)"), /^found of the first$/m);
  });

  it("cannot write to a share that is mounted read-only", async () => {
    await job("echo of the first > /cache/left");
    const log = await job("cat /cache/left; echo more > /cache/left || echo refused", " readOnly=true");
    assert.match(log, /^of the first$/m);
    assert.match(log, /^refused$/m);
  });

  it("has its lines ready for the workspace, which nothing sends them to", async () => {
    await job("true");
    const lines = opened().simulator.arm.workspaces.lines(workspaceId);
    assert.ok(
      lines.some(({ message }) => message.includes("Starting the listener")),
      JSON.stringify(lines),
    );
  });
});
