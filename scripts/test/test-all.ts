// npm test: types and style beside the tests, which partly wait. On 64-bit Linux the tests run on the newest of the nodes that
// they start tasks on anyway, which starts in a third of the time and makes keys in a fifth of it; elsewhere, on this one.
import { spawn } from "node:child_process";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { availableNodes, nodeBinary } from "../../test/task/harness/node-versions.ts";

const cwd = fileURLToPath(new URL("../..", import.meta.url));

/**
 * Runs a program of this repository.
 * @param asItComes shows what it prints at once
 * @returns how it failed, with what was not shown yet; undefined when it did not
 */
function run(program: string, args: readonly string[], asItComes = false): Promise<string | undefined> {
  const own = Object.fromEntries(nodes.map(([major, binary]) => [`NODE${major}_BINARY`, binary]));
  const output = asItComes ? "inherit" : "pipe";
  const child = spawn(node, [`node_modules/${program}`, ...args], {
    cwd,
    env: { ...process.env, ...own, PATH: `${dirname(node)}:${process.env.PATH}` },
    stdio: ["ignore", output, output],
  });
  const said: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (data: Buffer) => said.push(data));
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => {
      resolve(code === 0 ? undefined : `\n${[program, ...args].join(" ")} failed.\n${Buffer.concat(said)}`);
    });
  });
}

// Before the tests: several of them would install the same node at once.
const nodes = await Promise.all(availableNodes.map(async (major) => [major, await nodeBinary(major)] as const));
const [, node = process.execPath] = nodes.at(-1) ?? [];
const checks: readonly (readonly [program: string, ...args: string[]])[] = [
  ["typescript/bin/tsc", "--noEmit"],
  ["typescript/bin/tsc", "--noEmit", "-p", "results-tab"],
  ["@biomejs/biome/bin/biome", "check", "--error-on-warnings", "."],
];
const ended = await Promise.all([
  ...checks.map(([program, ...args]) => run(program, args)),
  run("mocha/bin/mocha.js", ["--parallel", "--jobs", "4", "test/**/*.test.ts"], true),
]);
const failures = ended.filter((one) => one !== undefined);
for (const failure of failures) console.error(failure);
process.exitCode = failures.length === 0 ? 0 : 1;
