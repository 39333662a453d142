// The images that a simulator starts with.
import type { SimImage } from "../containers/container-engine.ts";
import type { Registry } from "./registry-site.ts";

/** The images that a simulator begins with, by their references. */
export interface FirstImages {
  /** Pulled without credentials; its agent comes from the task. */
  readonly image: string;
  /** Pulled without credentials; what agent-image/Dockerfile makes: the agent unpacked at `/azp/agent`, run by its script. */
  readonly bakedImage: string;
  /** The same as `image`, for whoever has an account. */
  readonly privateImage: string;
}

/** The registry of the samples: the simulator's own, by another name. */
export const samplesRegistry = "contoso.azurecr.io";
/** The image of the samples. */
export const samplesImage = `${samplesRegistry}/azure-pipelines-agent:latest`;
const samplesBakedImage = `${samplesRegistry}/self-registering-agent:latest`;

// Where a container's agent lives, what it keeps over a restart, and what it is handed; the engine knows where these are.
const environment = {
  EPHEMERAL_AGENT_ROOT: "/azp",
  EPHEMERAL_STATE: "/mnt/ephemeral-state",
  EPHEMERAL_CONFIG_MAP: "/mnt/configmap",
};
// Without a terminal a shell ends at once, as the entrypoint of a plain base image does.
const command = ["/bin/bash"];

export function agentImage(reference: string, changes: Partial<SimImage> = {}): SimImage {
  return { reference, pullable: "anonymous", agentBaked: false, environment, command, ...changes };
}

export function addFirstImages(registry: Registry): FirstImages {
  const { server } = registry;
  const images = {
    image: `${server}/azure-pipelines-agent:latest`,
    bakedImage: `${server}/azure-pipelines-agent:baked`,
    privateImage: `${server}/private/azure-pipelines-agent:latest`,
  };
  registry.add(agentImage(images.image));
  const baked = { agentBaked: true, command: ["/bin/bash", "/azp/entrypoint.sh"] };
  registry.add(agentImage(images.bakedImage, baked));
  // The samples call their registry as a real one is called: it stands for this one.
  registry.add(agentImage(samplesImage));
  registry.add(agentImage(samplesBakedImage, baked));
  registry.add(agentImage(`${server}/self-registering-agent:latest`, baked));
  registry.add(agentImage(images.privateImage, { pullable: "with-credentials" }));
  return images;
}
