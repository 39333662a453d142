// What a deployment of a container group starts.

import type { ContainerStart } from "./container-engine.ts";
import type { RestartRule } from "./restart-policy.ts";

export interface DeploymentPlan {
  readonly container: Omit<ContainerStart, "onOutput">;
  readonly location: string;
  readonly cpu: number;
  readonly memoryInGB: number;
  readonly restart: RestartRule;
  /** Told what the container writes, besides its log. */
  onOutput?(text: string): void;
}
