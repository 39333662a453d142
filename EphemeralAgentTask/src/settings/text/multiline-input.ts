// Splits inputs of several lines. Lines are numbered as the user sees them, so that a message can name one without showing
// it.

export interface Line {
  /** From 1. */
  readonly number: number;
  /** Without blanks around it. */
  readonly text: string;
}

const rows = (value: string) => value.split(/\r?\n/);

/** The lines that hold something. */
export const linesOf = (value: string): Line[] =>
  rows(value)
    .map((row, index) => ({ number: index + 1, text: row.trim() }))
    .filter(({ text }) => text !== "");

export interface Pair {
  readonly number: number;
  /** Undefined for a line that is no pair. */
  readonly name: string | undefined;
  readonly value: string;
  /** The word that was to end a value of several lines and did not come. */
  readonly open?: string;
}

/** Names to values. A name is any text, `__proto__` too. */
export const valuesOf = (pairs: readonly Pair[]): Record<string, string> =>
  Object.fromEntries(pairs.map(({ name = "", value }) => [name, value]));

/** The last line of a key: its padding is no sign between a name and a value. */
const padded = /^[A-Za-z0-9+/]{16,}==$|^(?=[^=]*[+/])[A-Za-z0-9+/]{16,}=$/;

const pair = ({ number, text }: Line): Pair => {
  const at = padded.test(text) ? -1 : text.indexOf("=");
  const name = text.slice(0, Math.max(at, 0)).trim();
  return { number, name: name === "" ? undefined : name, value: text.slice(at + 1).trim() };
};

export const pairsOf = (value: string): Pair[] => linesOf(value).map(pair);

const opening = /^([A-Za-z]\w*)<<(\w+)$/;

/**
 * The same with values of several lines: after `NAME<<END` they go on until a line that is `END`, and are taken as they
 * are, with a line feed between two of them and none at the end.
 */
export function blocksOf(value: string): Pair[] {
  const all = rows(value);
  const pairs: Pair[] = [];
  for (let at = 0; at < all.length; at++) {
    const text = all[at]?.trim() ?? "";
    const [, name, end] = opening.exec(text) ?? [];
    if (name === undefined || end === undefined) {
      if (text !== "") pairs.push(pair({ number: at + 1, text }));
      continue;
    }
    const number = at + 1;
    let to = number;
    while (to < all.length && all[to]?.trim() !== end) to++;
    if (to === all.length) return [...pairs, { number, name, value: "", open: end }];
    pairs.push({ number, name, value: all.slice(number, to).join("\n") });
    at = to;
  }
  return pairs;
}
