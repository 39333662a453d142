// The whole run is canceled, in each of the samples' shapes, while the agent starts and while the deployment runs.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parse, stringify } from "yaml";
import { gate } from "../scenario/pipelines.ts";
import { story } from "../scenario/scenario.ts";
import { unregistration } from "../scenario/task-requests.ts";

interface SampleJob {
  readonly job: string;
  readonly steps: readonly Record<string, unknown>[];
}

/** A sample whose deployment does not end by itself. */
function endlessSample(name: string): string {
  const path = fileURLToPath(new URL(`../../../samples/${name}/azure-pipelines.yml`, import.meta.url));
  const file = parse(readFileSync(path, "utf8")) as {
    jobs?: SampleJob[];
    stages?: { jobs: SampleJob[] }[];
  };
  const endless = (jobs: SampleJob[]) =>
    jobs.map((one) => (one.job === "deploy" ? { ...one, steps: [{ bash: gate().script }] } : one));
  return stringify({
    ...file,
    ...(file.jobs && { jobs: endless(file.jobs) }),
    ...(file.stages && { stages: file.stages.map((stage) => ({ ...stage, jobs: endless(stage.jobs) })) }),
  });
}

const shapes = { parallel: "agent", sequential: "create", watched: "create" } as const;

for (const [shape, maker] of Object.entries(shapes)) {
  describe(`A run of the shape '${shape}' that is cancelled`, () => {
    story("while the agent starts leaves nothing", async (scene) => {
      const { simulator } = scene;
      if (shape === "parallel") simulator.organization.addPlaceholder(simulator.ready.pool);
      scene.expectRefusal(/^0 /);
      const run = scene.pipeline(endlessSample(shape));
      await run.line(maker, /container group requested/);
      run.cancel();
      const report = await run.done;
      assert.equal(report.result, "canceled", JSON.stringify(report.jobs));
    });

    story("while the deployment runs leaves nothing", async (scene) => {
      const { simulator } = scene;
      if (shape === "parallel") simulator.organization.addPlaceholder(simulator.ready.pool);
      scene.expectRefusal(/^0 /);
      const run = scene.pipeline(endlessSample(shape));
      await run.line("deploy", /^started$/);
      run.cancel();
      const report = await run.done;
      assert.equal(report.result, "canceled");
      assert.equal(report.jobs.deploy?.result, "canceled");
      // By the step itself when the deployment ends in time, else by its post-job step.
      const removed = simulator.requests.entries.filter((one) => unregistration(one) && one.status === 204);
      assert.equal(removed.length, 1);
    });
  });
}
