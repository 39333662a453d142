// Reads the timeline records that a worker sends.
import type { JobVariable } from "../../job-execution/job/job-message.ts";
import { taskResults } from "../jobs/result-numbers.ts";
import { type Fields, fields, optionalBoolean, optionalEnum, optionalText, text } from "../json-fields.ts";
import { invalidArgument } from "../service-error.ts";
import type { TimelineRecord } from "./timeline-record.ts";

type Kind = "text" | "number" | "list" | readonly string[];

const states = ["pending", "inProgress", "completed"] as const;

const recordFields: Readonly<Record<string, Kind>> = {
  parentId: "text",
  type: ["Stage", "Phase", "Job", "Task", "Checkpoint"],
  name: "text",
  refName: "text",
  identifier: "text",
  attempt: "number",
  order: "number",
  state: states,
  result: taskResults,
  startTime: "text",
  finishTime: "text",
  workerName: "text",
  percentComplete: "number",
  currentOperation: "text",
  issues: "list",
};

/**
 * A record as a worker sends it, reduced to the fields that the simulator keeps; an agent sends more.
 * @throws ServiceError 400 when a field that is kept is malformed.
 */
export function recordPatch(value: unknown): Partial<TimelineRecord> & { id: string } {
  const sent = fields(value, "A record");
  const patch: Record<string, unknown> = {};
  for (const [name, kind] of Object.entries(recordFields)) {
    const given = read(sent, name, kind);
    if (given !== undefined) patch[name] = given;
  }
  const log = reference(sent, "log");
  const task = taskReference(sent);
  const variables = outputVariables(sent);
  return {
    ...patch,
    id: text(sent, "id"),
    ...(log === undefined ? {} : { log }),
    ...(task === undefined ? {} : { task }),
    ...(variables === undefined ? {} : { variables }),
  };
}

function read(sent: Fields, name: string, kind: Kind): unknown {
  const given = sent.get(name);
  if (given === undefined || given === null) return undefined;
  if (typeof kind !== "string") return optionalEnum(sent, name, kind);
  const valid = kind === "list" ? Array.isArray(given) : typeof given === (kind === "text" ? "string" : kind);
  if (!valid) throw invalidArgument(`${name} of a record is not valid.`);
  return given;
}

function reference(sent: Fields, name: string): { id: number } | undefined {
  const given = sent.get(name);
  if (given === undefined || given === null) return undefined;
  const id = fields(given, name).get("id");
  return typeof id === "number" ? { id } : undefined;
}

function taskReference(sent: Fields): TimelineRecord["task"] {
  const given = sent.get("task");
  if (given === undefined || given === null) return undefined;
  const task = fields(given, "task");
  return { id: text(task, "id"), name: text(task, "name"), version: text(task, "version") };
}

/** Output variables of a step travel with its record (facts agent-protocol §12). */
function outputVariables(sent: Fields): Record<string, JobVariable> | undefined {
  const given = sent.get("variables");
  if (given === undefined || given === null) return undefined;
  const variables = fields(given, "variables").entries();
  return Object.fromEntries(
    variables.map(([name, each]) => {
      const variable = fields(each, name);
      const isSecret = optionalBoolean(variable, "isSecret");
      return [name, { value: optionalText(variable, "value") ?? "", ...(isSecret === undefined ? {} : { isSecret }) }];
    }),
  );
}
