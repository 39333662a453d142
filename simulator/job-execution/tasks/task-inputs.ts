// Resolves the inputs of a task.
import { isAbsolute, resolve } from "node:path";
import type { TaskDefinition } from "./task-definition.ts";

/**
 * Inputs under the names that `task.json` gives them. YAML authors may write an alias or any case; the task only ever
 * sees the canonical name (facts task-conventions §1.3). What the task does not declare is passed on as it is.
 */
export function canonicalInputs(
  definition: TaskDefinition,
  inputs: Readonly<Record<string, string>>,
): Record<string, string> {
  const canonical = new Map<string, string>();
  for (const input of definition.inputs ?? [])
    for (const name of [...(input.aliases ?? []), input.name]) canonical.set(name.toLowerCase(), input.name);
  return Object.fromEntries(
    Object.entries(inputs).map(([name, value]) => [canonical.get(name.trim().toLowerCase()) ?? name.trim(), value]),
  );
}

/**
 * What a task finds in `INPUT_*`: defaults, over them the step's own values, trimmed as written and then expanded;
 * `filePath` inputs are rooted, even empty ones (facts task-conventions §1.3).
 */
export function resolveInputs(
  definition: TaskDefinition,
  inputs: Readonly<Record<string, string>>,
  context: { expand(text: string): string; readonly sourcesFolder: string },
): Record<string, string> {
  const values: Record<string, string> = {};
  for (const { name, defaultValue } of definition.inputs ?? []) values[name] = asText(defaultValue).trim();
  for (const [name, value] of Object.entries(canonicalInputs(definition, inputs))) values[name] = value.trim();
  for (const [name, value] of Object.entries(values)) values[name] = context.expand(value);
  for (const { name, type } of definition.inputs ?? []) {
    if (type.toLowerCase() !== "filepath") continue;
    const value = values[name] ?? "";
    values[name] = isAbsolute(value) ? resolve(value) : resolve(context.sourcesFolder, value);
  }
  return values;
}

/** Defaults may be written as text or as a boolean; the task gets text (as .NET writes it). */
function asText(value: string | boolean | undefined): string {
  if (value === undefined) return "";
  return typeof value === "boolean" ? (value ? "True" : "False") : value;
}

/** Ids of the service connections that a task's inputs name. */
export function endpointIds(definition: TaskDefinition, inputs: Readonly<Record<string, string>>): string[] {
  return (definition.inputs ?? [])
    .filter(({ type }) => type.toLowerCase().startsWith("connectedservice:"))
    .flatMap(({ name }) => (inputs[name] ?? "").split(","))
    .map((id) => id.trim().toLowerCase())
    .filter((id) => /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id));
}
