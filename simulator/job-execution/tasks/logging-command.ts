// `##vso[area.event key=value;…]data` anywhere in a line of a task's or script's output (facts task-conventions §2.2).

export interface LoggingCommand {
  readonly area: string;
  readonly event: string;
  /** Keys in lower case: the agent looks them up without regard to case. */
  readonly properties: Readonly<Record<string, string>>;
  readonly data: string;
}

const PREFIX = "##vso[";

function decode(text: string): string {
  return text
    .replaceAll("%3B", ";")
    .replaceAll("%0D", "\r")
    .replaceAll("%0A", "\n")
    .replaceAll("%5D", "]")
    .replaceAll("%AZP25", "%");
}

/** The command in a line; undefined when there is none, or none that can be read. */
export function parseLoggingCommand(line: string): LoggingCommand | undefined {
  const start = line.indexOf(PREFIX);
  if (start < 0) return undefined;
  const end = line.indexOf("]", start);
  if (end < 0) return undefined;
  const info = line.slice(start + PREFIX.length, end);
  const space = info.indexOf(" ");
  const [area, event, ...more] = (space < 0 ? info : info.slice(0, space)).split(".").filter((part) => part !== "");
  if (area === undefined || event === undefined || more.length > 0) return undefined;
  const properties: Record<string, string> = {};
  for (const pair of space < 0 ? [] : info.slice(space + 1).split(";")) {
    const equals = pair.indexOf("=");
    if (equals > 0 && equals < pair.length - 1)
      properties[pair.slice(0, equals).toLowerCase()] = decode(pair.slice(equals + 1));
  }
  return { area, event, properties, data: decode(line.slice(end + 1)) };
}

/** Whether a line means to be a command, readable or not. */
export function looksLikeCommand(line: string): boolean {
  return line.includes("##vso");
}
