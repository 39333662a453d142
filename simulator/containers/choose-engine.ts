// Chooses the container engine.
import type { Sites } from "../http/https-sites.ts";
import type { Network } from "../network/virtual-network-gateway.ts";
import type { ContainerEngine } from "./container-engine.ts";
import { createPodmanEngine, type LocalImages } from "./podman/podman-engine.ts";
import { createProcessEngine } from "./processes/process-engine.ts";
import type { AgentPackage } from "./processes/root-folder.ts";

export type EngineChoice = ContainerEngine["name"];

/** Where `npm run test:containers` puts the images of this machine that stand for the simulated registry's. */
export const usualImages: LocalImages = {
  baked: "localhost/azure-pipelines-agent:baked",
  plain: "localhost/azure-pipelines-agent:plain",
};

interface EngineSetting {
  readonly sites: Sites;
  readonly folder: string;
  readonly network: Network;
  readonly agentPackage?: AgentPackage;
}

/** What `SIM_ENGINE` says; processes when it says nothing. @throws when it names no engine. */
export function chosenEngine(environment: NodeJS.ProcessEnv = process.env): EngineChoice {
  const wanted = environment.SIM_ENGINE || "process";
  const names: readonly EngineChoice[] = ["process", "podman", "docker"];
  const found = names.find((name) => name === wanted);
  if (found === undefined) throw new Error(`SIM_ENGINE must be one of ${names.join(", ")}, and is ${wanted}.`);
  return found;
}

/** @throws when the engine does not run on this machine. */
export function createEngine(name: EngineChoice, setting: EngineSetting): Promise<ContainerEngine> {
  const { sites, folder, network, agentPackage } = setting;
  const { caFile } = sites;
  if (name === "process") {
    return Promise.resolve(createProcessEngine({ folder, caFile, network, ...(agentPackage && { agentPackage }) }));
  }
  return createPodmanEngine({ name, folder, caFile, network, images: usualImages, ports: () => sites.ports() });
}
