// `npm run sim` as a process of its own, with a folder of its own for its files.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { ReadyFile } from "../../simulator/ready-file.ts";
import { ask } from "./http/plain-request.ts";

const main = fileURLToPath(new URL("../../simulator/main.ts", import.meta.url));

export interface Started {
  readonly process: ChildProcess;
  /** What it printed first. */
  readonly line: string;
  readonly ready: ReadyFile;
}

interface Ended {
  readonly code: unknown;
  readonly output: string;
  readonly errors: string;
}

export class SimCommand {
  readonly folder: string;
  readonly #started: ChildProcess[] = [];

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async inFolder(): Promise<SimCommand> {
    return new SimCommand(await mkdtemp(join(tmpdir(), "contract-test-")));
  }

  /** Kills what still runs, and removes the folder. */
  async close(): Promise<void> {
    for (const child of this.#started.splice(0)) if (child.exitCode === null) child.kill("SIGKILL");
    await rm(this.folder, { recursive: true });
  }

  #run(args: readonly string[]): ChildProcess {
    // A folder for temporary files of its own shows what is left in it.
    const env = { ...process.env, TMPDIR: this.folder };
    const child = spawn(process.execPath, ["--import", "tsx", main, ...args], {
      env,
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#started.push(child);
    return child;
  }

  /** Runs it to its end. */
  async ended(...args: string[]): Promise<Ended> {
    const child = this.#run(args);
    const said = { output: "", errors: "" };
    child.stdout?.on("data", (chunk) => {
      said.output += chunk;
    });
    child.stderr?.on("data", (chunk) => {
      said.errors += chunk;
    });
    const [code] = await once(child, "close");
    return { code, ...said };
  }

  /** Starts it, with files of this name in the folder, and waits until it is ready. */
  async start(args: readonly string[] = [], name = "ready"): Promise<Started> {
    const readyFile = join(this.folder, `${name}.json`);
    const files = ["--ready-file", readyFile, "--request-log", join(this.folder, "requests.jsonl")];
    const child = this.#run([...files, ...args]);
    child.stderr?.pipe(process.stderr);
    const [line] = await once(child.stdout ?? child, "data");
    return { process: child, line: String(line), ready: JSON.parse(readFileSync(readyFile, "utf8")) };
  }
}

/** @returns the exit code */
export async function stop({ process: child }: Started, signal: "SIGTERM" | "SIGINT" = "SIGTERM"): Promise<unknown> {
  const exited = once(child, "exit");
  child.kill(signal);
  const [code] = await exited;
  return code;
}

/** A token of the service connection for Azure Resource Manager. */
export async function tokenOf(ready: ReadyFile): Promise<string> {
  const { authority, tenantId, clientId, clientSecret, arm, caFile } = ready;
  const form = { grant_type: "client_credentials", client_id: clientId, client_secret: clientSecret };
  const answer = await ask(caFile, `${authority}/${tenantId}/oauth2/v2.0/token`, {
    method: "POST",
    body: new URLSearchParams({ ...form, scope: `${arm}/.default` }).toString(),
  });
  return (answer.json() as { access_token: string }).access_token;
}
