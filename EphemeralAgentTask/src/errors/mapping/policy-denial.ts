// Names the Azure policy that denied a request, and the input that can satisfy it.

import type { PolicyViolation } from "../../ports.ts";
import type { ErrorCode } from "../catalog.ts";

const tagField = /^tags(?:\[['"]?|\.)(.+?)['"]?\]?$/i;

/** Tags that the rules ask for. A rule may hold any number of fields; only those of tags count. */
const tagsOf = (violations: readonly PolicyViolation[]): string[] => [
  ...new Set(violations.flatMap(({ rules }) => rules.flatMap(({ field }) => tagField.exec(field)?.[1] ?? []))),
];

const aboutRegion = (violations: readonly PolicyViolation[]) =>
  violations.some(({ rules }) => rules.some(({ field }) => field.toLowerCase() === "location"));

/** The entry of the catalog: a tag, a region, or something else. */
export function policyCode(violations: readonly PolicyViolation[]): ErrorCode {
  if (tagsOf(violations).length > 0) return "EA212";
  return aboutRegion(violations) ? "EA213" : "EA214";
}

const rule = ({ field, operator, value, wanted }: PolicyViolation["rules"][number]) =>
  [field, value === undefined ? "" : `'${value}'`, operator, wanted].filter((part) => part !== "").join(" ");

/** A violation in one line: the policy, its assignment and where that is, and what it looked at. */
function told({ policy, assignment, assignmentId, scope, rules }: PolicyViolation): string {
  const name = assignment === policy ? `policy '${policy}'` : `policy '${policy}', assigned as '${assignment}'`;
  const place = scope === "" ? "" : `, at scope ${scope}`;
  const seen = rules.length === 0 ? "" : `: ${rules.map(rule).join("; ")}`;
  return `${name} (${assignmentId})${place}${seen}`;
}

/** What the cause says besides the service's words. */
export function policyWords(violations: readonly PolicyViolation[]): string[] {
  const tags = tagsOf(violations).map((name) => `${name}=VALUE`);
  const add = tags.length === 0 ? [] : [`Add to the input tags: ${tags.join(", ")}`];
  return [...violations.map((one) => `Refused by ${told(one)}`), ...add];
}
