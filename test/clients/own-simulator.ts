// A simulator as anybody starts one: a process of its own that writes where it is.
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, watch } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { repository } from "../../scripts/build/bundle.ts";
import type { ReadyFile } from "../../simulator/ready-file.ts";

class OwnSimulator {
  readonly ready: ReadyFile;
  readonly #child: ChildProcess;
  readonly #folder: string;

  private constructor(ready: ReadyFile, child: ChildProcess, folder: string) {
    this.ready = ready;
    this.#child = child;
    this.#folder = folder;
  }

  /** Runs `npm run sim` with those arguments besides. @throws when it ends before it is ready. */
  static async start(...args: readonly string[]): Promise<OwnSimulator> {
    const folder = mkdtempSync(join(tmpdir(), "own-simulator-"));
    const file = join(folder, "ready.json");
    const npm = ["run", "--silent", "sim", "--", "--ready-file", file, ...args];
    const child = spawn("npm", npm, { cwd: repository, stdio: ["ignore", "ignore", "inherit"], detached: true });
    await new Promise<void>((resolve, reject) => {
      const watcher = watch(folder, () => {
        if (!existsSync(file)) return;
        watcher.close();
        resolve();
      });
      child.once("error", reject);
      child.once("exit", (code) => reject(new Error(`npm run sim has ended with ${code}.`)));
    });
    return new OwnSimulator(JSON.parse(readFileSync(file, "utf8")) as ReadyFile, child, folder);
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.#child.once("exit", resolve));
    if (this.#child.pid !== undefined) process.kill(-this.#child.pid, "SIGTERM");
    await ended;
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** One for all tests of the suite that calls it. */
export function ownSimulator(...args: readonly string[]): () => ReadyFile {
  let current: OwnSimulator | undefined;
  before(async () => {
    current = await OwnSimulator.start(...args);
  });
  after(() => current?.stop());
  return () => {
    if (current === undefined) throw new Error("There is a simulator during a test only.");
    return current.ready;
  };
}
