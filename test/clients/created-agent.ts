// The jobs of a run that creates its agent first and removes it last.
import type { Simulator } from "../../simulator/start-simulator.ts";
import { deployJob, taskJob } from "../task/scenario/pipelines.ts";

type Job = Readonly<Record<string, unknown>>;

export const creation = (simulator: Simulator): Job => taskJob(simulator, "create", { action: "create" });

/** A job for no other agent than that one. */
export function deploymentOn(simulator: Simulator, script: string): Job {
  const pool = { name: simulator.ready.pool, demands: "EphemeralAgent.Run -equals $(Build.BuildId)" };
  return deployJob(simulator, script, { dependsOn: "create", pool });
}

/** @param after names of the jobs it follows, however they end */
export function removal(simulator: Simulator, after: readonly string[]): Job {
  return taskJob(simulator, "remove", { action: "remove" }, { dependsOn: after, condition: "always()" });
}
