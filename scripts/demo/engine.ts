// Chooses the container engine of the demo.
import { chosenEngine, type EngineChoice } from "../../simulator/containers/choose-engine.ts";
import { usableEngine } from "../../simulator/containers/podman/detect-engine.ts";
import { haveAgentImages, makeAgentImages } from "../test/agent-images.ts";

interface DemoEngine {
  readonly name: EngineChoice;
  /** What runs the containers, and why. */
  readonly line: string;
}

const asProcesses = "Containers are processes of this machine";

/**
 * What the demo runs containers with: what `SIM_ENGINE` says, else real ones where that takes no preparation.
 * @param say told of what takes time
 * @throws when SIM_ENGINE names an engine that does not work.
 */
export async function demoEngine(
  say: (line: string) => void,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<DemoEngine> {
  if (environment.SIM_ENGINE) {
    const name = chosenEngine(environment);
    if (name === "podman") await makeAgentImages(say);
    return { name, line: name === "process" ? `${asProcesses}.` : `Containers are real ones, run by ${name}.` };
  }
  const name = await usableEngine();
  if (name === undefined) {
    return { name: "process", line: `${asProcesses}: no podman or docker works here, or not as this user.` };
  }
  if (await haveAgentImages(name)) return { name, line: `Containers are real ones, run by ${name}.` };
  const advice = name === "podman" ? "; SIM_ENGINE=podman makes real ones, and first their images" : "";
  return { name: "process", line: `${asProcesses}${advice}.` };
}
