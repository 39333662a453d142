// Plain text for a file, a little color for a person: https://no-color.org is honored.

export interface Terminal {
  line(text: string): void;
  bold(text: string): string;
  dim(text: string): string;
  red(text: string): string;
  yellow(text: string): string;
  green(text: string): string;
  /** One of a few colors, always the same for the same name. */
  ofName(name: string): (text: string) => string;
}

const NAME_COLOURS = [36, 35, 34, 33, 32];

export function terminal(stream: NodeJS.WriteStream, environment: NodeJS.ProcessEnv): Terminal {
  const coloured = stream.isTTY === true && !environment.NO_COLOR;
  const paint =
    (code: number) =>
    (text: string): string =>
      coloured && text !== "" ? `\x1b[${code}m${text}\x1b[0m` : text;
  const names: string[] = [];
  return {
    line: (text) => void stream.write(`${text}\n`),
    bold: paint(1),
    dim: paint(2),
    red: paint(31),
    yellow: paint(33),
    green: paint(32),
    ofName(name) {
      if (!names.includes(name)) names.push(name);
      return paint(NAME_COLOURS[names.indexOf(name) % NAME_COLOURS.length] ?? 36);
    },
  };
}

/** Rows in columns as wide as their widest cell; the first row is the heading. `paint` colors a padded cell. */
export function table(
  rows: readonly (readonly string[])[],
  paint: (cell: string, row: number, column: number) => string = (cell) => cell,
): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? "").length)));
  return rows.map((row, rowIndex) =>
    row
      .map((cell, column) => paint(cell.padEnd(widths[column] ?? 0), rowIndex, column))
      .join("  ")
      .trimEnd(),
  );
}
