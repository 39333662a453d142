// The logging commands of the area `task`.
import { existsSync } from "node:fs";
import { basename } from "node:path";
import { mergeResults, resultNamed } from "../job/results.ts";
import type { StepContext } from "../steps/step-context.ts";
import type { LoggingCommand } from "./logging-command.ts";

type Carry = (context: StepContext, command: LoggingCommand) => void;

const flag = (command: LoggingCommand, name: string): boolean => command.properties[name]?.toLowerCase() === "true";

function required(command: LoggingCommand, name: string): string {
  const value = command.properties[name];
  if (value === undefined)
    throw new Error(`Required field '${name}' is missing in ##vso[${command.area}.${command.event}] command.`);
  return value;
}

function refuseMultilineSecret(context: StepContext, { data }: LoggingCommand): void {
  const allowed = context.job.variables.get("SYSTEM_UNSAFEALLOWMULTILINESECRET")?.toLowerCase() === "true";
  if (data.includes("\n") && !allowed) throw new Error("Secrets cannot contain multiple lines");
}

function setVariable(context: StepContext, command: LoggingCommand): void {
  const name = required(command, "variable");
  const secret = flag(command, "issecret");
  if (context.job.variables.isReadOnly(name)) context.warning(`Overwriting readonly variable '${name}'.`);
  if (secret) {
    refuseMultilineSecret(context, command);
    context.job.masker.add(command.data);
  }
  if (!context.restrictions.allowsVariable(name)) {
    context.warning(`Setting variable '${name}' is not allowed in this step due to policy restrictions.`);
    return;
  }
  context.setVariable(name, command.data, {
    secret,
    output: flag(command, "isoutput"),
    readOnly: flag(command, "isreadonly"),
  });
}

function setTaskVariable(context: StepContext, command: LoggingCommand): void {
  const name = required(command, "variable");
  const known = context.taskVariables.get(name.toLowerCase());
  const secret = flag(command, "issecret") || (known?.secret ?? false);
  if (secret) {
    refuseMultilineSecret(context, command);
    context.job.masker.add(command.data);
  }
  context.taskVariables.set(name.toLowerCase(), { name: known?.name ?? name, value: command.data, secret });
}

function logIssue(context: StepContext, command: LoggingCommand): void {
  const type = command.properties.type?.toLowerCase();
  if (type === undefined) {
    context.warning("Can't create TaskIssue from logging event.");
    return;
  }
  if (type !== "error" && type !== "warning")
    throw new Error(`issue type ${command.properties.type ?? ""} is not an expected issue type.`);
  context.issue(type, command.data, command.properties);
}

function complete(context: StepContext, command: LoggingCommand): void {
  const result = resultNamed(command.properties.result ?? "");
  if (result === undefined) throw new Error("Command doesn't have valid result value.");
  context.result = mergeResults(context.result, result);
  context.progress(100, command.data);
  if (flag(command, "done")) context.declareDone();
}

function setProgress(context: StepContext, command: LoggingCommand): void {
  const value = Number.parseInt(command.properties.value ?? "0", 10);
  context.progress(Number.isNaN(value) ? 0 : Math.min(Math.max(value, 0), 100), command.data);
}

function uploadSummary(context: StepContext, { data }: LoggingCommand): void {
  if (data === "" || !existsSync(data))
    throw new Error("Cannot upload summary file, summary file location is not specified.");
  context.attachFile("Distributedtask.Core.Summary", basename(data), data);
}

function addAttachment(context: StepContext, command: LoggingCommand): void {
  const type = required(command, "type");
  const name = required(command, "name");
  if (!existsSync(command.data)) throw new Error("Cannot upload task attachment file, it does not exist on disk.");
  context.attachFile(type, name, command.data);
}

function prependPath(context: StepContext, { data }: LoggingCommand): void {
  if (!context.restrictions.allowsVariable("PATH")) {
    context.warning("Setting variable 'PATH' is not allowed in this step due to policy restrictions.");
    return;
  }
  const paths = context.job.prependedPaths;
  if (paths.includes(data)) paths.splice(paths.indexOf(data), 1);
  paths.push(data);
}

/** The `task` area, by event in lower case. */
export const taskCommands: Readonly<Record<string, Carry>> = {
  setvariable: setVariable,
  settaskvariable: setTaskVariable,
  setsecret: (context, { data }) => context.job.masker.add(data),
  logissue: logIssue,
  issue: logIssue,
  complete,
  setprogress: setProgress,
  uploadsummary: uploadSummary,
  addattachment: addAttachment,
  prependpath: prependPath,
  debug: (context, { data }) => context.debug(data),
};
