import type { AgentPackage } from "../devops/packages.ts";

export async function buildAgentPackage(_o: { version: string; timeScale: number }): Promise<AgentPackage> {
  throw new Error("The agent package cannot be built yet.");
}
