// What a task with restrictions may do.
import type { TaskDefinition } from "./task-definition.ts";

/** The task commands that a task in restricted mode may still use (facts task-conventions §1.6). */
const ALWAYS_ALLOWED = new Set([
  "logissue",
  "issue",
  "complete",
  "setprogress",
  "setsecret",
  "setvariable",
  "debug",
  "settaskvariable",
  "prependpath",
  "logdetail",
]);

export interface Restrictions {
  allowsCommand(area: string, event: string): boolean;
  /** Also asked for `prependpath`, as the variable `PATH`. */
  allowsVariable(name: string): boolean;
}

/** `*` any text, `?` one character, nothing else special; without regard to case. */
function pattern(glob: string): RegExp {
  const source = glob
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${source}$`, "i");
}

/** What a task's own `restrictions` let it do. An empty `allowed` list allows no variable at all. */
export function restrictionsOf(definition: TaskDefinition | undefined): Restrictions {
  const restricted = definition?.restrictions?.commands?.mode?.toLowerCase() === "restricted";
  const allowed = definition?.restrictions?.settableVariables?.allowed?.map(pattern);
  return {
    allowsCommand: (area, event) =>
      !restricted ||
      area.toLowerCase() === "telemetry" ||
      (area.toLowerCase() === "task" && ALWAYS_ALLOWED.has(event.toLowerCase())),
    allowsVariable: (name) => allowed === undefined || allowed.some((candidate) => candidate.test(name)),
  };
}
