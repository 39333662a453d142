// Installs Azurite when it is missing.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The last release for Node 20. Too large (190 MB) to come with every `npm ci`. */
const version = "3.35.0";
const tools = fileURLToPath(new URL("../../.tools", import.meta.url));
const folder = join(tools, `azurite-${version}`);
const program = join(folder, "node_modules/azurite/dist/src/blob/main.js");
let installing: Promise<string> | undefined;

/**
 * The program of a storage server's Blob service, which npm installs into `.tools` once.
 * @param say told when that takes time
 * @throws when npm cannot install it.
 */
export function azuriteProgram(say: (line: string) => void = () => undefined): Promise<string> {
  if (existsSync(program)) return Promise.resolve(program);
  installing ??= install(say).finally(() => {
    installing = undefined;
  });
  return installing;
}

/** In a folder of its own first: another process may do the same at this moment, and half of it is of no use. */
async function install(say: (line: string) => void): Promise<string> {
  say(`Installing the storage server Azurite ${version} to ${folder}, once (190 MB) …`);
  await mkdir(tools, { recursive: true });
  const partial = await mkdtemp(`${folder}.`);
  try {
    await runNpm(["install", "--prefix", partial, `azurite@${version}`]);
    await rename(partial, folder).catch((error: unknown) => {
      if (!existsSync(program)) throw error;
    });
    return program;
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
}

async function runNpm(words: readonly string[]): Promise<void> {
  const quiet = ["--no-save", "--no-audit", "--no-fund", "--loglevel=error"];
  const npm = spawn("npm", [...words, ...quiet], { stdio: ["ignore", "ignore", "inherit"] });
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    npm.once("error", reject);
    npm.once("exit", resolve);
  });
  if (exitCode !== 0) throw new Error(`npm could not install Azurite ${version} (exit ${exitCode}).`);
}
