import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { circlesIn, importsBelow, told, unusedExports } from "./source-graph.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const folders = ["EphemeralAgentTask/src", "results-tab/src", "scripts", "simulator", "test"];

describe("The imports", () => {
  const imports = importsBelow(folders.map((folder) => join(root, folder)));

  it("go one way: no file reaches itself, by a type neither", () => {
    const circles = circlesIn(imports).map((circle) => told(circle, imports, root));
    assert.deepEqual(circles, []);
  });

  it("name every export: what nobody imports is not exported", () => {
    assert.deepEqual(unusedExports(imports, root), []);
  });

  it("are all seen, a circle of two as well as one of one", () => {
    assert.ok(imports.get(join(root, "test/imports.test.ts"))?.includes(join(root, "test/source-graph.ts")));
    const circle = new Map([
      ["a", ["b", "d"]],
      ["b", ["c"]],
      ["c", ["a"]],
      ["d", ["d"]],
    ]);
    assert.deepEqual(
      circlesIn(circle).map((members) => members.sort()),
      [["a", "b", "c"], ["d"]],
    );
  });
});
