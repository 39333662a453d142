// The functions of the expression language.
import { compare, type Dictionary, equal, toBoolean, toText, type Value } from "./values.ts";

export type ExpressionFunction = (...args: readonly Value[]) => Value;

const first = (args: readonly Value[]): Value => args[0] ?? null;
const text = (args: readonly Value[], index: number): string => toText(args[index] ?? null);
const folded = (args: readonly Value[], index: number): string => text(args, index).toLowerCase();
/** The items of a list, or the values of a mapping. */
export const items = (value: Value): readonly Value[] =>
  Array.isArray(value)
    ? (value as readonly Value[])
    : value !== null && typeof value === "object"
      ? Object.values(value as Dictionary)
      : [];

const comparison =
  (holds: (difference: number) => boolean): ExpressionFunction =>
  (...args) => {
    const difference = compare(first(args), args[1] ?? null);
    return difference !== undefined && holds(difference);
  };

/** The functions that need nothing but their arguments; status functions come from whoever evaluates. */
export const functions: Readonly<Record<string, ExpressionFunction>> = {
  and: (...args) => args.every(toBoolean),
  or: (...args) => args.some(toBoolean),
  not: (...args) => !toBoolean(first(args)),
  xor: (...args) => toBoolean(first(args)) !== toBoolean(args[1] ?? null),
  eq: (...args) => equal(first(args), args[1] ?? null),
  ne: (...args) => !equal(first(args), args[1] ?? null),
  gt: comparison((difference) => difference > 0),
  ge: comparison((difference) => difference >= 0),
  lt: comparison((difference) => difference < 0),
  le: comparison((difference) => difference <= 0),
  in: (...args) => args.slice(1).some((candidate) => equal(first(args), candidate)),
  notin: (...args) => !args.slice(1).some((candidate) => equal(first(args), candidate)),
  contains: (...args) => folded(args, 0).includes(folded(args, 1)),
  containsvalue: (...args) => items(first(args)).some((item) => equal(item, args[1] ?? null)),
  startswith: (...args) => folded(args, 0).startsWith(folded(args, 1)),
  endswith: (...args) => folded(args, 0).endsWith(folded(args, 1)),
  coalesce: (...args) => args.find((arg) => arg !== null && arg !== "") ?? null,
  lower: (...args) => text(args, 0).toLowerCase(),
  upper: (...args) => text(args, 0).toUpperCase(),
  trim: (...args) => text(args, 0).trim(),
  replace: (...args) => text(args, 0).replaceAll(text(args, 1), text(args, 2)),
  split: (...args) => text(args, 0).split(text(args, 1)),
  join: (...args) =>
    items(args[1] ?? null)
      .map(toText)
      .join(text(args, 0)),
  length: (...args) => (typeof first(args) === "string" ? text(args, 0).length : items(first(args)).length),
  format: (...args) => text(args, 0).replace(/\{(\d+)\}/g, (_, index: string) => text(args, Number(index) + 1)),
  converttojson: (...args) => JSON.stringify(first(args), null, 2),
  iif: (...args) => (toBoolean(first(args)) ? (args[1] ?? null) : (args[2] ?? null)),
};
