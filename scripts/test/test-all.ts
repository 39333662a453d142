// npm test: types and style beside the tests, which partly wait. On 64-bit Linux the tests run on the newest of the nodes that
// they start tasks on anyway, which starts in a third of the time and makes keys in a fifth of it; elsewhere, on this one.
import { spawn } from "node:child_process";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { availableNodes, nodeBinary } from "../../test/task/harness/node-versions.ts";

const cwd = fileURLToPath(new URL("../..", import.meta.url));

/** What a program that failed has said about it; nothing where it did well, and none where it was seen as it came. */
type Failure = { readonly said: string } | undefined;

/** Runs a program of this repository. @param asItComes shows what it prints at once */
function run(node: string, program: string, args: readonly string[], asItComes = false): Promise<Failure> {
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
      const what = asItComes ? "" : `\n${[program, ...args].join(" ")} failed:\n${Buffer.concat(said)}`;
      resolve(code === 0 ? undefined : { said: what });
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
  ...checks.map(([program, ...args]) => run(node, program, args)),
  run(node, "mocha/bin/mocha.js", ["--parallel", "--jobs", "4", "test/**/*.test.ts"], true),
]);
const failures = ended.filter((one) => one !== undefined);
for (const { said } of failures) console.error(said);
process.exitCode = failures.length === 0 ? 0 : 1;
