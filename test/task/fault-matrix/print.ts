// The matrix as a table: a line for each story's request, a column for what became of its cells.
import { answered, asked } from "./cell.ts";
import type { Result } from "./matrix.ts";

const columns = ["cells", "struck", "recovered", "said so", "swept", "red"] as const;
type Row = Record<(typeof columns)[number], number>;

function counted(results: readonly Result[]): Row {
  const count = (fits: (result: Result) => boolean) => results.filter(fits).length;
  return {
    cells: results.length,
    struck: count(({ hits }) => hits > 0),
    recovered: count(({ result, wrong }) => result !== "failed" && wrong.length === 0),
    "said so": count(({ result, wrong }) => result === "failed" && wrong.length === 0),
    swept: count(({ leftToSweep }) => leftToSweep),
    red: count(({ wrong }) => wrong.length > 0),
  };
}

function table(of: (result: Result) => string, results: readonly Result[]): string[] {
  const keys = [...new Set(results.map(of))];
  const rows = keys.map((key) => [key, counted(results.filter((one) => of(one) === key))] as const);
  const width = Math.max(...keys.map(({ length }) => length), 5);
  const line = (name: string, cells: readonly string[]) =>
    [name.padEnd(width), ...cells.map((cell, index) => cell.padStart(columns[index]?.length ?? 0))].join("  ");
  const numbers = (row: Row) => columns.map((column) => String(row[column]));
  return [
    line("", columns),
    ...rows.map(([key, row]) => line(key, numbers(row))),
    line("all", numbers(counted(results))),
  ];
}

/** Requests and answers, each with its counts, and the codes that were said. */
export function describeMatrix(results: readonly Result[]): string {
  const codes = new Map<string, number>();
  for (const { codes: said } of results) for (const code of said) codes.set(code, (codes.get(code) ?? 0) + 1);
  return [
    ...table(({ cell }) => `${cell.story}: ${asked(cell)}`, results),
    "",
    ...table(({ cell }) => answered(cell), results),
    "",
    `codes: ${[...codes].map(([code, count]) => `${code} ${count}`).join(", ")}`,
  ].join("\n");
}
