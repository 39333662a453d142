// Azure and Azure DevOps in memory, with the ports by which the core reaches them.
import type { AgentPool, ContainerHost } from "../../EphemeralAgentTask/src/ports.ts";
import { WorldContainers } from "./world-containers.ts";
import { hostOver, poolOver } from "./world-ports.ts";

export class World extends WorldContainers {
  readonly pool: AgentPool = poolOver(this);
  readonly host: ContainerHost = hostOver(this);
}
