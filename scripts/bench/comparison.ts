// The table of all ways under all conditions.
import { type ConditionResult, columns } from "./conditions.ts";

const heads: Readonly<Record<(typeof columns)[number], string>> = {
  put: "PUT of the group",
  online: "agent online seen",
  ending: "job's end → step's end",
  gone: "everything gone",
  cpu: "CPU",
  requests: "requests",
};

const grouped = (value: number): string => value.toLocaleString("en-US");

/**
 * Medians in milliseconds, and behind each how it relates to the first way under the same condition.
 * @returns rows of cells, the heading first
 */
export function comparison(results: readonly ConditionResult[]): string[][] {
  const rows = results.flatMap(({ condition, ways }) =>
    ways.map(({ way, median }, index) => {
      const first = ways[0]?.median ?? median;
      const cells = columns.map((column) => {
        const ratio = index === 0 ? "" : ` (${(median[column] / Math.max(1, first[column])).toFixed(2)})`;
        return `${grouped(median[column])}${ratio}`;
      });
      return [index === 0 ? condition : "", way, ...cells];
    }),
  );
  return [["", "", ...columns.map((column) => heads[column])], ...rows];
}
