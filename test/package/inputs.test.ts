import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { outputAgents } from "../../EphemeralAgentTask/src/actions/create.ts";
import type { Ports } from "../../EphemeralAgentTask/src/lifecycle/step/step-context.ts";
import { written } from "../../EphemeralAgentTask/src/settings/input-reader.ts";
import { parse } from "../../EphemeralAgentTask/src/settings/parse-settings.ts";
import { repository } from "../../scripts/build/bundle.ts";
import { inputsRead } from "./inputs-read.ts";
import { taskManifest as task } from "./manifests.ts";

const all = ["run", "create", "remove", "sweep", "check"].flatMap((action) => [
  ...inputsRead(action, ""),
  ...inputsRead(action, "x"),
]);

describe("The task's inputs and outputs", () => {
  it("reads every input that it declares", () => {
    const unread = task.inputs.map(({ name }) => name).filter((name) => !all.includes(name));
    assert.deepEqual(unread, []);
  });

  it("declares every input that it reads, by its own name", () => {
    const declared = task.inputs.map(({ name }) => name);
    assert.deepEqual(
      [...new Set(all)].filter((name) => !declared.includes(name)),
      [],
    );
  });

  it("reads inputs in no other way", () => {
    const readers = sources().filter(([, text]) => /\btl\.get\w*Input\b/.test(text));
    assert.deepEqual(
      readers.map(([path]) => path),
      ["EphemeralAgentTask/src/taskhost/task-inputs.ts"],
    );
  });

  it("asks for nothing but what every action needs when the action is remove", () => {
    const required = task.inputs.filter((input) => input.required).map(({ name }) => name);
    for (const name of required) assert.ok(inputsRead("remove", "").includes(name), name);
    assert.ok(!inputsRead("remove", "").includes("imageName"));
  });

  it("speaks of an input by the name that users write", () => {
    for (const { name, aliases = [] } of task.inputs) assert.equal(written(name), aliases[0] ?? name);
  });

  it("offers the actions that it knows", () => {
    const { options = {} } = task.inputs.find(({ name }) => name === "action") ?? {};
    for (const action of Object.keys(options)) {
      const found = parse({
        input: (name) => (name === "action" ? action : ""),
        variable: () => "1",
        endpoint: () => undefined,
      });
      const problems = "problems" in found ? found.problems.map(({ input }) => input) : [];
      assert.ok(!problems.includes("action"), action);
    }
  });

  it("sets the outputs that it declares", () => {
    const set: string[] = [];
    const ports = { task: { output: (name: string) => set.push(name) } } as unknown as Ports;
    outputAgents(ports, []);
    assert.deepEqual(set.toSorted(), task.outputVariables.map(({ name }) => name).toSorted());
  });
});

function sources(): [path: string, text: string][] {
  const folder = "EphemeralAgentTask/src";
  const paths = readdirSync(join(repository, folder), { recursive: true, encoding: "utf8" });
  return paths
    .filter((path) => path.endsWith(".ts"))
    .map((path) => [join(folder, path), readFileSync(join(repository, folder, path), "utf8")]);
}
