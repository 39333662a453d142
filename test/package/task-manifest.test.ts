import assert from "node:assert/strict";
import { Ajv } from "ajv";
import { taskManifest as task, textOf } from "./manifests.ts";

const meets = new Ajv({ allErrors: true, allowUnionTypes: true }).compile(
  JSON.parse(textOf("test/package/task.schema.json")),
);

/** The manifest with something changed, as plain data. */
function changed(change: (manifest: Record<string, unknown> & { inputs: Record<string, unknown>[] }) => void): unknown {
  const copy = JSON.parse(JSON.stringify(task));
  change(copy);
  return copy;
}

describe("The task's manifest", () => {
  it("is one that Azure DevOps takes", () => {
    assert.ok(meets(task), JSON.stringify(meets.errors, null, 2));
  });

  for (const [what, broken] of Object.entries({
    "a key nobody knows": changed((manifest) => {
      manifest.colour = "blue";
    }),
    "an input of a type that is none": changed(({ inputs }) => {
      inputs[0] = { ...inputs[0], type: "bool" };
    }),
    "an input with an odd name": changed(({ inputs }) => {
      inputs[0] = { ...inputs[0], name: "agent-pool" };
    }),
    "a number as default": changed(({ inputs }) => {
      inputs[0] = { ...inputs[0], defaultValue: 1 };
    }),
    "a rule that cannot be read": changed(({ inputs }) => {
      inputs[0] = { ...inputs[0], visibleRule: "action is run" };
    }),
    "a name that is too long to show": changed((manifest) => {
      manifest.friendlyName = "x".repeat(41);
    }),
    "a handler that agents do not know": changed((manifest) => {
      manifest.execution = { Node20: { target: "index.js" } };
    }),
  })) {
    it(`would be refused with ${what}`, () => assert.ok(!meets(broken)));
  }

  it("names each input and each alias once, whatever the case", () => {
    const names = task.inputs.flatMap(({ name, aliases = [] }) => [name, ...aliases].map((one) => one.toLowerCase()));
    assert.deepEqual(names, [...new Set(names)]);
  });

  it("puts inputs only into groups that there are", () => {
    const groups = task.groups.map(({ name }) => name);
    const used = task.inputs.flatMap(({ groupName }) => groupName ?? []);
    assert.deepEqual(
      used.filter((name) => !groups.includes(name)),
      [],
    );
    assert.deepEqual(
      groups.filter((name) => !used.includes(name)),
      [],
    );
  });

  it("makes visibility depend only on inputs and values that there are", () => {
    const rules = [...task.inputs, ...task.groups].flatMap(
      ({ visibleRule }) => visibleRule?.split(/ (?:&&|\|\|) /) ?? [],
    );
    assert.ok(rules.length > 0);
    for (const rule of rules) {
      const [name = "", , value = ""] = rule.split(" ");
      const options = task.inputs.find((input) => input.name === name)?.options;
      assert.ok(options && value in options, `'${rule}' names an input and one of its options`);
    }
  });

  it("fills pick lists from the service connection only where something else can be typed", () => {
    for (const { target, endpointId } of task.dataSourceBindings) {
      const input = JSON.parse(JSON.stringify(task.inputs.find(({ name }) => name === target)));
      assert.equal(input.properties.EditableOptions, "True");
      assert.equal(endpointId, "$(connectedServiceNameARM)");
    }
  });

  it("requires only what every action needs", () => {
    const required = task.inputs.filter((input) => input.required).map(({ name }) => name);
    assert.deepEqual(required, ["action", "connectedServiceNameARM", "resourceGroupName", "agentPool"]);
  });

  it("runs the same files on Node 20 and on Node 24, in both stages", () => {
    const same = (target: string) => ({ Node20_1: { target }, Node24: { target } });
    assert.deepEqual(task.execution, same("index.js"));
    assert.deepEqual(task.postjobexecution, same("postjob.js"));
  });

  it("may set its outputs and no other variable", () => {
    assert.deepEqual(
      task.restrictions.settableVariables.allowed,
      task.outputVariables.map(({ name }) => name),
    );
  });
});
