import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { fileURLToPath } from "node:url";

const source = fileURLToPath(new URL("../EphemeralAgentTask/src/", import.meta.url));
const core = ["actions", "checks", "errors", "lifecycle", "plan", "ports", "settings", "ports.ts"];

const files = (path: string): string[] =>
  path.endsWith(".ts") ? [path] : readdirSync(join(source, path)).flatMap((name) => files(join(path, name)));

const importsOf = (text: string) =>
  [...text.matchAll(/from "([^"]+)"|import\("([^"]+)"\)/g)].map((match) => match[1] ?? match[2] ?? "");

describe("The core", () => {
  for (const file of core.flatMap(files)) {
    const text = readFileSync(join(source, file), "utf8");
    it(`in ${file} imports no package, no adapter, and touches neither process nor timers`, () => {
      for (const from of importsOf(text)) {
        assert.match(from, /^\.\.?\//, `${from} is not part of the core`);
        const target = posix.join(posix.dirname(file), from);
        assert.doesNotMatch(target, /^(azure|devops|http|taskhost)\/|^wiring\.ts$/, `${from} is an adapter`);
      }
      assert.doesNotMatch(
        text,
        /\bprocess\.|\bsetTimeout\(|\bsetInterval\(|\bDate\.now\(|\bconsole\.|\bMath\.random\(/,
      );
    });
  }
});

describe("The rest", () => {
  it("imports task-lib only in taskhost", () => {
    for (const file of files(".").filter((name) => !name.startsWith("taskhost"))) {
      assert.ok(!readFileSync(join(source, file), "utf8").includes("azure-pipelines-task-lib"), file);
    }
  });

  it("keeps the simulator and the task apart", () => {
    const root = fileURLToPath(new URL("..", import.meta.url));
    const walk = (folder: string): string[] =>
      readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
        entry.isDirectory()
          ? walk(join(folder, entry.name))
          : entry.name.endsWith(".ts")
            ? [join(folder, entry.name)]
            : [],
      );
    for (const file of walk(join(root, "simulator"))) {
      for (const from of importsOf(readFileSync(file, "utf8"))) assert.ok(!from.includes("EphemeralAgentTask"), file);
    }
    for (const file of files(".")) {
      for (const from of importsOf(readFileSync(join(source, file), "utf8")))
        assert.ok(!from.includes("simulator"), file);
    }
  });
});
