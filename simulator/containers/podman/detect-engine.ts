// Finds a container engine on this machine that the simulator can use.
import { ContainerCli, type EngineName } from "./engine-command.ts";

const names: readonly EngineName[] = ["podman", "docker"];

/** The engine that runs containers of this machine: with its network namespaces within reach, which takes root. */
export async function usableEngine(): Promise<EngineName | undefined> {
  for (const name of names) if ((await whyNotUsable(name)) === undefined) return name;
  return undefined;
}

/** @returns why an engine cannot be used, or nothing when it can. */
export async function whyNotUsable(name: EngineName): Promise<string | undefined> {
  if (process.platform !== "linux") return "Real containers are simulated on Linux only.";
  if (process.getuid?.() !== 0) return "Real containers need root, to reach their networks.";
  try {
    await new ContainerCli(name).run(["info"]);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
