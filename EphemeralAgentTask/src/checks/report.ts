// How the findings are told.
import type { Finding, Flaw, Found, Unseen } from "./finding.ts";
import { warning } from "./finding.ts";

const isUnseen = (one: Found): one is Unseen => one.level === "unseen";

/** What could not be read is one warning: nothing is wrong with it as far as anybody knows. */
export function gathered(found: readonly Found[], principal: string, subscriptionId: string): Finding[] {
  const unseen = [...new Set(found.filter(isUnseen).map((one) => one.subject))];
  const findings = found.filter((one): one is Finding => !isUnseen(one));
  const told = new Map(findings.map((one) => [`${one.level} ${one.subject} ${one.found}`, one]));
  const all = [...told.values()];
  if (unseen.length === 0) return all;
  const blind = warning("rights of this check", {
    found: `not seen: ${unseen.join(", ")}`,
    cause:
      "The service connection may not read them. What it needs for a run is less than what this check would look at.",
    mend: `For the check alone: az role assignment create --assignee-object-id ${principal} --assignee-principal-type ServicePrincipal --role Reader --scope /subscriptions/${subscriptionId}`,
  });
  return [...all, blind];
}

const line = (text: string) => text.replaceAll(/\s*\n\s*/g, " ");

/** One line per finding, and below each flaw its cause and what mends it. */
export function table(findings: readonly Finding[]): string[] {
  const width = Math.max(0, ...findings.map(({ subject }) => subject.length));
  const indent = " ".repeat(9);
  const below = (one: Finding) =>
    "cause" in one ? [`${indent}Cause: ${line(one.cause)}`, `${indent}Mend:  ${line(one.mend)}`] : [];
  return findings.flatMap((one) => [
    `${one.level.padEnd(9)}${one.subject.padEnd(width)}  ${line(one.found)}`,
    ...below(one),
  ]);
}

/** Subjects of one level, for the step's own result. */
export const flaws = (findings: readonly Finding[], level: Flaw["level"]): Flaw[] =>
  findings.filter((one): one is Flaw => one.level === level);
