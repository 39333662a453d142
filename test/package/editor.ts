// Renders the editor of the task from its manifest, as the classic editor and the YAML assistant lay it out: inputs without
// a group first, then each group, its inputs shown when it is open.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { repository } from "../../scripts/build/bundle.ts";
import type { TaskInput } from "../../scripts/build/task-manifest.ts";
import { taskManifest as task } from "./manifests.ts";

type Values = Readonly<Record<string, string>>;

const defaults: Values = Object.fromEntries(
  task.inputs.map(({ name, defaultValue = "" }) => [name, String(defaultValue)]),
);

/** Whether a rule of `name = value` terms joined by one operator holds. */
function holds(rule: string | undefined, values: Values): boolean {
  const term = (text: string): boolean => {
    const [name = "", operator = "", wanted = ""] = text.split(" ");
    return (operator === "=") === ((values[name] ?? "") === wanted);
  };
  return rule === undefined || rule.split(" || ").some((some) => some.split(" && ").every(term));
}

const visible = (inputs: readonly TaskInput[], values: Values) =>
  inputs.filter(({ visibleRule }) => holds(visibleRule, values));

const inGroup = (name: string | undefined) => task.inputs.filter(({ groupName }) => groupName === name);

const groupsOf = (values: Values) =>
  task.groups
    .filter(({ visibleRule }) => holds(visibleRule, values))
    .map((group) => ({ ...group, inputs: visible(inGroup(group.name), values) }))
    .filter(({ inputs }) => inputs.length > 0);

/** Names of the inputs that are seen before a group is opened. */
export function firstSight(action: string): string[] {
  const values = { ...defaults, action };
  const open = groupsOf(values).filter(({ isExpanded }) => isExpanded);
  return [...visible(inGroup(undefined), values), ...open.flatMap(({ inputs }) => inputs)].map(({ name }) => name);
}

/** The whole editor as text. @param set values besides the defaults */
export function editor(action: string, set: Values = {}): string {
  const values = { ...defaults, ...set, action };
  const line = ({ name, label, required }: TaskInput) => `  ${label}${required ? " *" : ""} [${name}]`;
  const groups = groupsOf(values).map(({ displayName, isExpanded, inputs }) =>
    [`${isExpanded ? "▾" : "▸"} ${displayName}`, ...inputs.map(line)].join("\n"),
  );
  return [`── ${action} ──`, ...visible(inGroup(undefined), values).map(line), ...groups, ""].join("\n");
}

if (process.env.UPDATE_EDITOR === "1") {
  const actions = ["run", "create", "remove", "sweep", "check"];
  writeFileSync(join(repository, "test/package/editor.txt"), actions.map((action) => editor(action)).join("\n"));
}
