// Reads `task.json` and chooses a handler.
import { readFileSync } from "node:fs";
import { join } from "node:path";

interface TaskInput {
  readonly name: string;
  readonly type: string;
  readonly aliases?: readonly string[];
  readonly defaultValue?: string | boolean;
  readonly required?: boolean;
}

interface TaskHandler {
  readonly target: string;
  readonly workingDirectory?: string;
}

type TaskHandlers = Readonly<Record<string, TaskHandler>>;

/** When a handler runs within a job: all pre-job handlers, then the steps, then all post-job handlers in reverse. */
export type TaskStage = "prejobexecution" | "execution" | "postjobexecution";

/** The part of `task.json` that decides how a task is run. */
export interface TaskDefinition {
  readonly folder: string;
  readonly id: string;
  readonly name: string;
  readonly friendlyName: string;
  readonly description: string;
  readonly author: string;
  readonly helpUrl?: string;
  readonly helpMarkDown?: string;
  readonly version: { readonly Major: number; readonly Minor: number; readonly Patch: number };
  readonly inputs?: readonly TaskInput[];
  readonly outputVariables?: readonly { readonly name: string }[];
  readonly restrictions?: {
    readonly commands?: { readonly mode?: string };
    readonly settableVariables?: { readonly allowed?: readonly string[] };
  };
  readonly prejobexecution?: TaskHandlers;
  readonly execution?: TaskHandlers;
  readonly postjobexecution?: TaskHandlers;
}

/**
 * Reads a task's `task.json`.
 * @throws when the folder has none, or it is not JSON.
 */
export function readTaskDefinition(folder: string): TaskDefinition {
  const definition = JSON.parse(readFileSync(join(folder, "task.json"), "utf8")) as Omit<TaskDefinition, "folder">;
  return { ...definition, folder };
}

/** The version as the log and a step's reference show it. */
export function versionText({ version }: TaskDefinition): string {
  return `${version.Major}.${version.Minor}.${version.Patch}`;
}

/**
 * The handler a node of this major version carries out. Node 20 also runs a task that has only `Node24`
 * (facts task-conventions §1.2), and no other handler is known here.
 * @throws when the task has neither.
 */
export function chooseHandler(handlers: TaskHandlers, nodeMajor: number): TaskHandler {
  const preference = nodeMajor >= 24 ? ["Node24", "Node20_1"] : ["Node20_1", "Node24"];
  for (const key of preference) {
    const handler = handlers[key];
    if (handler !== undefined) return handler;
  }
  throw new Error(
    `No handler of the task can run here: it has ${Object.keys(handlers).join(", ") || "none"}, this machine carries out ${preference.join(" and ")}.`,
  );
}
