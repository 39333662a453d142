// Reads a step's output and carries out its logging commands.
import { type LoggingCommand, looksLikeCommand, parseLoggingCommand } from "../tasks/logging-command.ts";
import { taskCommands } from "../tasks/task-logging-commands.ts";
import type { StepContext } from "./step-context.ts";

/** Areas the agent has and this worker does not carry out; `telemetry` asks for nothing that could be seen. */
const NOT_CARRIED_OUT = new Set(["artifact", "build", "release", "codecoverage", "results", "plugininternal"]);

function carryOut(context: StepContext, command: LoggingCommand): void {
  const carry = taskCommands[command.event.toLowerCase()];
  const name = `##vso[${command.area}.${command.event}]`;
  if (carry === undefined) throw new Error(`${name} is not a recognized command.`);
  if (!context.restrictions.allowsCommand(command.area, command.event)) {
    context.warning(`${name} is not allowed in this step due to policy restrictions.`);
    return;
  }
  carry(context, command);
}

/**
 * Takes one line of a step's output: a command is carried out and not shown, anything else is logged. A command that
 * cannot be carried out fails the step; one of an unknown area is only warned of.
 */
export function takeLine(context: StepContext, line: string): void {
  const command = parseLoggingCommand(line);
  if (command === undefined) {
    if (looksLikeCommand(line))
      context.warning(`'${line}' contains logging command keyword '##vso', but it's not a legal command.`);
    context.output(line);
    return;
  }
  const area = command.area.toLowerCase();
  if (area === "telemetry") return;
  if (area !== "task") {
    const reason = NOT_CARRIED_OUT.has(area)
      ? "The simulated agent does not carry out"
      : "Cannot find command extension for";
    context.warning(`${reason} ##vso[${command.area}.${command.event}].`);
    return;
  }
  try {
    carryOut(context, command);
  } catch (error) {
    context.error(`Unable to process command '${line}' successfully.`);
    context.error(error instanceof Error ? error.message : String(error));
    context.commandResult = "failed";
  } finally {
    if (command.event.toLowerCase() !== "debug") context.debug(`Processed: ${line}`);
  }
}
