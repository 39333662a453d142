// The tasks that a pipeline file can name.
import type { TaskReference } from "../../job-execution/job/job-message.ts";
import { readTaskDefinition, versionText } from "../../job-execution/tasks/task-definition.ts";

/** The two that every organization has. The ids are the service's own; which minor version it would choose is a guess. */
const builtIn: Readonly<Record<string, TaskReference>> = {
  Bash: { id: "6c731c3c-3c68-459a-a5c9-bde6e6595b5b", name: "Bash", version: "3.250.1" },
  CmdLine: { id: "d9bafed4-0b18-4f58-968d-86655b4d2ce9", name: "CmdLine", version: "2.250.1" },
};

/**
 * The full reference of a task that a pipeline names by its major version.
 * @param folders task name to the folder with its `task.json`
 * @throws Error when the organization has no such task.
 */
export function taskReference(name: string, folders: Readonly<Record<string, string>>): TaskReference {
  const known = builtIn[name];
  if (known !== undefined) return known;
  const folder = folders[name];
  if (folder === undefined) throw new Error(`There is no task ${name}.`);
  const definition = readTaskDefinition(folder);
  return { id: definition.id, name: definition.name, version: versionText(definition) };
}
