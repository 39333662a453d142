// Makes text of a container safe for the log.

/** As much as the log shows of a container's: its end says what went wrong. In characters. */
const limit = 256 * 1024;

/** The end of a text that is too long to be shown, from a line's beginning where there is one. */
export function lastPart(text: string): string {
  if (text.length <= limit) return text;
  const end = text.slice(-limit);
  const lineBreak = end.indexOf("\n");
  const shown = lineBreak >= 0 && lineBreak < end.length - 1 ? end.slice(lineBreak + 1) : end;
  return `… ${text.length - shown.length} characters before this are not shown.\n${shown}`;
}

/** Without the agent's own marks for the log's look: a text cannot end the group that it is shown in. */
export const contained = (text: string): string => text.replaceAll("##[", "##_[");
