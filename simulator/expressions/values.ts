// Conversions and comparisons of the expression language (Azure DevOps documentation, "Expressions", type casting):
// the right side is converted to the type of the left, text compares without regard to case.

export interface Dictionary {
  readonly [key: string]: Value;
}
export type Value = string | number | boolean | null | Dictionary | readonly Value[];

/** A property or variable by name, without regard to case; a missing one is null. */
export function lookUp(of: Value, key: Value): Value {
  if (of === null || typeof of !== "object") return null;
  if (Array.isArray(of)) return typeof key === "number" ? ((of as readonly Value[])[key] ?? null) : null;
  const wanted = toText(key).toLowerCase();
  for (const [name, value] of Object.entries(of as Dictionary)) if (name.toLowerCase() === wanted) return value;
  return null;
}

export function toBoolean(value: Value): boolean {
  if (value === null) return false;
  if (typeof value === "boolean") return value;
  if (typeof value === "number") return value !== 0;
  if (typeof value === "string") return value !== "";
  return true;
}

export function toText(value: Value): string {
  if (value === null) return "";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "object") return JSON.stringify(value);
  return String(value);
}

function toNumber(value: Value): number | undefined {
  if (value === null) return 0;
  if (typeof value === "boolean") return value ? 1 : 0;
  if (typeof value === "number") return value;
  if (typeof value !== "string") return undefined;
  const number = Number(value);
  return Number.isNaN(number) ? undefined : number;
}

/** Whether both sides are the same once the right is of the left's type. */
export function equal(left: Value, right: Value): boolean {
  if (typeof left === "boolean") return left === toBoolean(right);
  if (typeof left === "number") return toNumber(right) === left;
  if (left === null) return right === null || right === "";
  if (typeof left === "string")
    return (right === null || typeof right !== "object") && left.toLowerCase() === toText(right).toLowerCase();
  return left === right;
}

/** Negative, zero or positive; undefined when the two cannot be compared. */
export function compare(left: Value, right: Value): number | undefined {
  if (typeof left === "number" || typeof left === "boolean") {
    const a = toNumber(left);
    const b = toNumber(right);
    return a === undefined || b === undefined ? undefined : a - b;
  }
  if (typeof left !== "string") return undefined;
  const a = left.toUpperCase();
  const b = toText(right).toUpperCase();
  return a < b ? -1 : a > b ? 1 : 0;
}
