// The files of the stand-in agent in the folder that it is unpacked in.
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder the agent is unpacked in. Its configuration lies at the top (facts agent-protocol §1.3). */
export interface Install {
  readonly root: string;
  readonly bin: string;
  readonly version: string;
  /** What every pause is multiplied by. */
  readonly timeScale: number;
}

export function thisInstall(environment: NodeJS.ProcessEnv = process.env): Install {
  const bin = dirname(fileURLToPath(import.meta.url));
  const { timeScale } = JSON.parse(readFileSync(join(bin, "simulator.json"), "utf8"));
  return {
    root: dirname(bin),
    bin,
    version: readFileSync(join(bin, "version"), "utf8"),
    timeScale: Number(environment.SIM_AGENT_TIME_SCALE ?? timeScale),
  };
}

export function isConfigured({ root }: Install): boolean {
  return existsSync(join(root, ".agent"));
}

/**
 * A file of the configuration. The agent writes them with a byte order mark and reads them with or without.
 * @throws when it is missing or not a JSON object.
 */
export function readConfiguration({ root }: Install, name: string): Record<string, unknown> {
  const content: unknown = JSON.parse(readFileSync(join(root, name), "utf8").replace(/^\uFEFF/, ""));
  if (typeof content !== "object" || content === null) throw new Error(`${name} is not a JSON object.`);
  return content as Record<string, unknown>;
}

/** Where the logs of a process of the agent go; the folder exists afterwards. */
export function diagFolder({ root }: Install, process: "AGENT" | "WORKER", environment: NodeJS.ProcessEnv): string {
  const folder = environment[`${process}_DIAGLOGPATH`] ?? join(root, "_diag");
  mkdirSync(folder, { recursive: true });
  return folder;
}
