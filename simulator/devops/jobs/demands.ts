// Reads demands and compares them with capabilities.

/** What a job asks of an agent, in one of the forms `Name`, `Name -equals Value`, `Name -gtVersion Version`. */
export interface Demand {
  readonly name: string;
  readonly comparison: "exists" | "equals" | "gtVersion";
  readonly value: string;
  /** As written, which is how it goes over the wire. */
  readonly source: string;
}

/** Every job asks for an agent that is not ancient (facts agent-protocol §5). */
export const implicitDemand: Demand = parseDemand("Agent.Version -gtVersion 2.163.1");

/** Anything that is none of the known comparisons is taken as a plain name, so it matches nothing. */
export function parseDemand(source: string): Demand {
  const [, name = source.trim(), operator, value = ""] =
    /^(\S+)\s+-(equals|gtVersion)\s+(.+)$/i.exec(source.trim()) ?? [];
  const comparison = operator === undefined ? "exists" : operator.toLowerCase() === "equals" ? "equals" : "gtVersion";
  return { name, comparison, value: value.trim(), source: source.trim() };
}

/** Names and values are compared without regard to case. */
export function meets(capabilities: Readonly<Record<string, string>>, { name, comparison, value }: Demand): boolean {
  const wanted = name.toLowerCase();
  const found = Object.entries(capabilities).find(([each]) => each.toLowerCase() === wanted)?.[1];
  if (found === undefined) return false;
  if (comparison === "exists") return true;
  if (comparison === "equals") return found.toLowerCase() === value.toLowerCase();
  return compareVersions(found, value) > 0;
}

function compareVersions(one: string, other: string): number {
  const [left, right] = [one, other].map((version) => version.split(".").map(Number));
  for (const index of [0, 1, 2, 3]) {
    const difference = (left?.[index] ?? 0) - (right?.[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
