// Azure and Azure DevOps in memory, with the ports by which the core reaches them.
import type { AgentPool, ContainerHost } from "../../EphemeralAgentTask/src/ports.ts";
import { hostOver, poolOver } from "./world-ports.ts";
import { WorldRules } from "./world-rules.ts";

export class World extends WorldRules {
  readonly pool: AgentPool = poolOver(this);
  readonly host: ContainerHost = hostOver(this);
}
