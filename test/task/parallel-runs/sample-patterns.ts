// The three shapes of the samples around one deployment, as short as they can be.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import type { Simulator } from "../../../simulator/start-simulator.ts";
import { deployJob, taskJob } from "../scenario/pipelines.ts";

export type Shape = "parallel" | "sequential" | "watched";
export const shapes: readonly Shape[] = ["parallel", "sequential", "watched"];

/** The stage that the jobs are in. */
export const stage = "production";

const folders: string[] = [];
process.once("exit", () => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A script that fails so many times, then succeeds. Each time it tells its agent. */
export function failing(times: number): string {
  const folder = mkdtempSync(join(tmpdir(), "failing-"));
  folders.push(folder);
  return `echo "on $AGENT_NAME"; for n in $(seq ${times}); do mkdir ${folder}/$n 2>/dev/null && exit 1; done; true`;
}

/** Adds what a shape needs in the pool, and gives its pipeline file. */
export function shaped(simulator: Simulator, shape: Shape, script: string): string {
  const { organization, ready } = simulator;
  const stages = (...jobs: readonly object[]) => stringify({ trigger: "none", stages: [{ stage, jobs }] });
  if (shape === "parallel") {
    organization.addPlaceholder(ready.pool);
    return stages(taskJob(simulator, "agent", { action: "run" }), deployJob(simulator, script));
  }
  const own = { name: ready.pool, demands: "EphemeralAgent.Run -equals $(Build.BuildId)" };
  const watched = shape === "watched";
  return stages(
    taskJob(simulator, "create", { action: "create", timeoutAgentOnline: watched ? "0" : "600" }),
    deployJob(simulator, script, { dependsOn: "create", pool: own }),
    taskJob(
      simulator,
      "remove",
      { action: "remove" },
      { dependsOn: watched ? "create" : ["create", "deploy"], condition: "always()" },
    ),
  );
}
