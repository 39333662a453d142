import assert from "node:assert/strict";
import { Ajv } from "ajv";
import { inputsRead } from "./inputs-read.ts";
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

/** Whether a rule holds when `action` is this one and everything else is as it is at first. */
function holds(rule: string | undefined, action: string): boolean {
  const term = (text: string): boolean => {
    const [name = "", operator = "", wanted = ""] = text.split(" ");
    // Who registers is the user's choice: both count.
    if (name !== "action") return true;
    return (operator === "=") === (wanted === action);
  };
  return rule === undefined || rule.split(" || ").some((some) => some.split(" && ").every(term));
}

const shownFor = (action: string): string[] =>
  task.inputs
    .filter(({ visibleRule, groupName }) => {
      const group = task.groups.find(({ name }) => name === groupName);
      return holds(visibleRule, action) && holds(group?.visibleRule, action);
    })
    .map(({ name }) => name)
    .toSorted();

/** Read without changing anything: shown for the actions that they speak of. */
const readBy = (action: string): string[] =>
  [...new Set(inputsRead(action, ""))].filter((name) => !readInVain(action).includes(name)).toSorted();

/** What is read of an action that it has no use for. */
function readInVain(action: string): readonly string[] {
  const times = ["timeoutAgentOnline", "idleTimeoutMinutes", "lifetimeMinutes", "containerPrices"];
  if (action === "sweep") return times;
  if (action === "remove") return ["lifetimeMinutes"];
  return action === "check" ? [...times, "skipContainerDeletionOnError"] : [];
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
    // Which of the two binds first nobody has to know.
    for (const { visibleRule = "" } of [...task.inputs, ...task.groups])
      assert.ok(!(visibleRule.includes("&&") && visibleRule.includes("||")), visibleRule);
    assert.ok(rules.length > 0);
    for (const rule of rules) {
      const [name = "", , value = ""] = rule.split(" ");
      const { type, options = type === "boolean" ? { true: "", false: "" } : undefined } =
        task.inputs.find((input) => input.name === name) ?? {};
      assert.ok(options && value in options, `'${rule}' names an input and one of its options`);
    }
  });

  it("offers choices only where something else can be typed", () => {
    const targets = [...new Set(task.dataSourceBindings.map(({ target }) => target))];
    assert.equal(targets.length, task.dataSourceBindings.length, "one list an input");
    for (const name of targets) {
      const input = task.inputs.find((one) => one.name === name);
      assert.equal(input?.type, "pickList", name);
      assert.equal(input?.properties?.EditableOptions, "True", name);
    }
    const lists = task.inputs.filter(({ type, options }) => type === "pickList" && options === undefined);
    assert.deepEqual(lists.map(({ name }) => name).toSorted(), targets.toSorted());
  });

  it("shows an input where its action reads it, and nowhere else", () => {
    for (const { options = {} } of task.inputs.filter(({ name }) => name === "action")) {
      for (const action of Object.keys(options)) assert.deepEqual(shownFor(action), readBy(action), action);
    }
  });

  it("explains each input in a sentence or more, with an example where something is to be typed", () => {
    for (const { name, type, label, options, helpMarkDown, defaultValue } of task.inputs) {
      assert.ok(label.length <= 45, `the label of ${name} is long`);
      assert.match(helpMarkDown, /^[A-Z`].*[.`a-z]$/s, name);
      const typed = ["string", "multiLine", "int"].includes(type) || (type === "pickList" && options === undefined);
      if (typed && defaultValue === undefined) assert.match(helpMarkDown, /\n\nExample: `/, `${name} has no example`);
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
