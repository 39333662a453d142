// Prepares a step's record for attaching: removes secrets, which the agent masks in the log only, and limits its size.
import type { StepRecord } from "./step-record.ts";

const hidden = "***";

/** As much of a log as a summary shows, in characters. */
const logLimit = 4_000;

/** The text with every secret replaced, the longest first: one may be a part of another. */
export function withoutSecrets(text: string, secrets: Iterable<string>): string {
  const longestFirst = [...new Set(secrets)].filter(Boolean).sort((a, b) => b.length - a.length);
  return longestFirst.reduce((left, secret) => left.replaceAll(secret, hidden), text);
}

/** The end of a log, from a line's beginning where there is one. */
function endOf(log: string): string {
  if (log.length <= logLimit) return log;
  const end = log.slice(-logLimit);
  const lineBreak = end.indexOf("\n");
  return lineBreak >= 0 && lineBreak < end.length - 1 ? end.slice(lineBreak + 1) : end;
}

/**
 * The record without any secret in a text of it, and with the end of each log. Logs are cut last: of a secret across the
 * cut, a piece would be left that nothing finds.
 */
export function attachable(record: StepRecord, secrets: Iterable<string>): StepRecord {
  const known = [...secrets];
  const clean = (_: string, value: unknown) => (typeof value === "string" ? withoutSecrets(value, known) : value);
  const cleaned: StepRecord = JSON.parse(JSON.stringify(record, clean));
  const agents = cleaned.agents.map((agent) => (agent.log === undefined ? agent : { ...agent, log: endOf(agent.log) }));
  return { ...cleaned, agents };
}
