// Prints the findings as a table.
import type { LineColor } from "../ports.ts";
import type { Flaw, Found } from "./finding.ts";

/** Removes duplicates: several placements check the same subjects. */
export function gathered(found: readonly Found[]): Found[] {
  return [...new Map(found.map((one) => [`${one.level} ${one.subject} ${one.found}`, one])).values()];
}

/**
 * The command that lets the check look at everything, where the connection may not.
 * @param principal object id of the identity that looked
 */
export function readerHint(findings: readonly Found[], principal: string, subscriptionId: string): string[] {
  if (!findings.some((one) => one.level === "not checked" && one.unreadable)) return [];
  return [
    `To check what the service connection may not read: az role assignment create --assignee-object-id ${principal} --assignee-principal-type ServicePrincipal --role Reader --scope /subscriptions/${subscriptionId}`,
  ];
}

const line = (text: string) => text.replaceAll(/\s*\n\s*/g, " ");

interface TableLine {
  readonly text: string;
  readonly color?: LineColor;
}

const colors: Readonly<Partial<Record<Found["level"], LineColor>>> = { ok: "good", warning: "warning", wrong: "wrong" };

/** Characters that a level takes, with the gap behind it. */
const levelWidth = "not checked".length + 2;

/** One line per finding, colored by its level, and below each flaw its cause and what fixes it. */
export function table(findings: readonly Found[]): TableLine[] {
  const width = Math.max(0, ...findings.map(({ subject }) => subject.length));
  const indent = " ".repeat(levelWidth);
  return findings.flatMap((one) => {
    const text = `${one.level.padEnd(levelWidth)}${one.subject.padEnd(width)}  ${line(one.found)}`;
    const color = colors[one.level];
    const first = color === undefined ? { text } : { text, color };
    if (!("cause" in one)) return [first];
    return [first, { text: `${indent}Cause: ${line(one.cause)}` }, { text: `${indent}Fix:   ${line(one.fix)}` }];
  });
}

/** Subjects of one level, for the step's own result. */
export const flaws = (findings: readonly Found[], level: Flaw["level"]): Flaw[] =>
  findings.filter((one): one is Flaw => one.level === level);
