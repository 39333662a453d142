// The command line that podman and docker share.
import { type ChildProcess, execFile, spawn, spawnSync } from "node:child_process";
import { tmpdir } from "node:os";
import { promisify } from "node:util";

export type EngineName = "podman" | "docker";

/** Values that a container gets by its environment, out of sight of whoever lists processes. */
type Variables = Readonly<Record<string, string>>;

export class ContainerCli {
  readonly name: EngineName;
  readonly #folder: string;

  /** @param folder where the engine's monitors drop files of their own */
  constructor(name: EngineName, folder = tmpdir()) {
    this.name = name;
    this.#folder = folder;
  }

  /** Removes containers at once; podman would first ask what runs in them to end. */
  get remove(): readonly string[] {
    return this.name === "podman" ? ["rm", "--force", "--time", "0"] : ["rm", "--force"];
  }

  /** @returns what the command printed. @throws with what the engine said when it failed. */
  run(args: readonly string[], variables: Variables = {}): Promise<string> {
    return runCommand(this.name, args, { variables, cwd: this.#folder });
  }

  /** For what may be gone already. */
  async attempt(args: readonly string[]): Promise<string | undefined> {
    return await this.run(args).catch(() => undefined);
  }

  /** Runs on while the container does. In a process group of its own: a terminal's interrupt is not for it. */
  start(args: readonly string[]): ChildProcess {
    const stdio = ["ignore", "pipe", "pipe"] as const;
    return spawn(this.name, args, { cwd: this.#folder, stdio: [...stdio], detached: true });
  }

  /** For the last moments of this process. */
  runAtExit(args: readonly string[]): void {
    spawnSync(this.name, args, { stdio: "ignore" });
  }
}

/** @returns what the command printed. @throws with what it said when it failed. */
export async function runCommand(
  command: string,
  args: readonly string[],
  { variables = {}, cwd }: { readonly variables?: Variables; readonly cwd?: string } = {},
): Promise<string> {
  try {
    const env = { ...process.env, ...variables };
    const { stdout } = await promisify(execFile)(command, args, { env, cwd, maxBuffer: 64 * 1024 * 1024 });
    return stdout.trim();
  } catch (error) {
    const said = error instanceof Error && "stderr" in error ? String(error.stderr).trim() : "";
    throw new Error(`${command} ${args[0]} failed: ${said || (error instanceof Error ? error.message : error)}`);
  }
}
