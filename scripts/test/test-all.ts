// npm test: types and style beside the tests, which partly wait. On 64-bit Linux the tests run on the newest of the nodes that
// they start tasks on anyway, which starts in a third of the time and makes keys in a fifth of it; elsewhere, on this one.
import { spawn } from "node:child_process";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { availableNodes, nodeBinary } from "../../test/task/harness/node-versions.ts";

const cwd = fileURLToPath(new URL("../..", import.meta.url));

/** Runs a program of this repository, and tells what it printed once it has ended, or as it comes. */
function run(node: string, program: string, args: readonly string[], asItComes = false): Promise<boolean> {
  const path = `${dirname(node)}:${process.env.PATH}`;
  const child = spawn(node, [`node_modules/${program}`, ...args], {
    cwd,
    env: { ...process.env, PATH: path },
    stdio: ["ignore", asItComes ? "inherit" : "pipe", asItComes ? "inherit" : "pipe"],
  });
  const said: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (data: Buffer) => said.push(data));
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => {
      if (code !== 0) console.error(`\n${[program, ...args].join(" ")}:\n${Buffer.concat(said)}`);
      resolve(code === 0);
    });
  });
}

const newest = availableNodes.at(-1);
const node = newest === undefined ? process.execPath : await nodeBinary(newest);
const checks: readonly (readonly [program: string, ...args: string[]])[] = [
  ["typescript/bin/tsc", "--noEmit"],
  ["typescript/bin/tsc", "--noEmit", "-p", "results-tab"],
  ["@biomejs/biome/bin/biome", "check", "--error-on-warnings", "."],
];
const ended = await Promise.all([
  ...checks.map(([program, ...args]) => run(node, program, args)),
  run(node, "mocha/bin/mocha.js", ["--parallel", "--jobs", "4", "test/**/*.test.ts"], true),
]);
process.exitCode = ended.every(Boolean) ? 0 : 1;
