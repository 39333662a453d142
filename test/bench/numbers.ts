// Many measurements of one thing, in two numbers.

/** The value below or at which the share `of` (0 to 1) of all values lie. */
export function quantile(values: readonly number[], of: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const value = sorted[Math.max(0, Math.ceil(of * sorted.length) - 1)];
  if (value === undefined) throw new Error("There is nothing to measure by.");
  return value;
}

export interface Row {
  readonly what: string;
  readonly values: readonly number[];
  readonly unit: "ms" | "kB";
  /** What the 99th percentile may be. */
  readonly limit?: number;
  /** What the median is measured by: another median of the same run, and its name. */
  readonly by?: readonly [median: number, name: string];
}

export const isOver = ({ values, limit }: Row): boolean => limit !== undefined && quantile(values, 0.99) > limit;

/** The cells of a row: what, median, 99th percentile, limit, share of the limit, and the median by another. */
export function cells(row: Row): string[] {
  const { what, values, unit, limit, by } = row;
  const [median, worst] = [quantile(values, 0.5), quantile(values, 0.99)];
  const amount = (value: number) => `${Math.round(value)} ${unit}`;
  return [
    what,
    amount(median),
    amount(worst),
    limit === undefined ? "" : amount(limit),
    limit === undefined ? "" : `${(worst / limit).toFixed(2)}${isOver(row) ? ", over" : ""}`,
    by === undefined ? "" : `${(median / by[0]).toFixed(1)} × ${by[1]}`,
  ];
}
