// The command line that podman and docker share.
import { type ChildProcess, execFile, spawn, spawnSync } from "node:child_process";
import { promisify } from "node:util";

export type EngineName = "podman" | "docker";

/** Values that a container gets by its environment, out of sight of whoever lists processes. */
export type Variables = Readonly<Record<string, string>>;

export class ContainerCli {
  readonly name: EngineName;

  constructor(name: EngineName) {
    this.name = name;
  }

  /** @returns what the command printed. @throws with what the engine said when it failed. */
  run(args: readonly string[], variables: Variables = {}): Promise<string> {
    return runCommand(this.name, args, variables);
  }

  /** For what may be gone already. */
  async attempt(args: readonly string[]): Promise<string | undefined> {
    return await this.run(args).catch(() => undefined);
  }

  /** Runs on while the container does. In a process group of its own: a terminal's interrupt is not for it. */
  start(args: readonly string[]): ChildProcess {
    return spawn(this.name, args, { stdio: ["ignore", "pipe", "pipe"], detached: true });
  }

  /** For the last moments of this process. */
  runAtExit(args: readonly string[]): void {
    spawnSync(this.name, args, { stdio: "ignore" });
  }
}

/** @returns what the command printed. @throws with what it said when it failed. */
export async function runCommand(command: string, args: readonly string[], variables: Variables = {}): Promise<string> {
  try {
    const options = { env: { ...process.env, ...variables }, maxBuffer: 64 * 1024 * 1024 };
    const { stdout } = await promisify(execFile)(command, args, options);
    return stdout.trim();
  } catch (error) {
    const said = error instanceof Error && "stderr" in error ? String(error.stderr).trim() : "";
    throw new Error(`${command} ${args[0]} failed: ${said || (error instanceof Error ? error.message : error)}`);
  }
}
