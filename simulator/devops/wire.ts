import { invalidArgument } from "./service-error.ts";

// Reading what a client sent: names are matched exactly as the services write them, anything malformed is a 400.

export type Fields = Readonly<Record<string, unknown>>;

export function fields(value: unknown, what: string): Fields {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw invalidArgument(`${what} must be a JSON object.`);
  }
  return value as Fields;
}

export function optionalFields(value: unknown, what: string): Fields | undefined {
  return value === undefined || value === null ? undefined : fields(value, what);
}

export function optionalText(from: Fields, name: string): string | undefined {
  const value = from[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "string") throw invalidArgument(`${name} must be a string.`);
  return value;
}

export function text(from: Fields, name: string): string {
  const value = optionalText(from, name);
  if (value === undefined || value.trim() === "") throw invalidArgument(`${name} must be given.`);
  return value;
}

export function optionalNumber(from: Fields, name: string): number | undefined {
  const value = from[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "number") throw invalidArgument(`${name} must be a number.`);
  return value;
}

export function optionalBoolean(from: Fields, name: string): boolean | undefined {
  const value = from[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "boolean") throw invalidArgument(`${name} must be true or false.`);
  return value;
}

export function list(from: Fields, name: string): readonly unknown[] {
  const value = from[name];
  if (!Array.isArray(value)) throw invalidArgument(`${name} must be an array.`);
  return value;
}

/** A dictionary of strings, as capabilities are. */
export function textMap(value: unknown, what: string): Record<string, string> {
  return Object.fromEntries(
    Object.entries(fields(value, what)).map(([name, each]) => {
      if (typeof each !== "string") throw invalidArgument(`${name} in ${what} must be a string.`);
      return [name, each];
    }),
  );
}

/** A collection, as every list of the services is wrapped. */
export const collection = (value: readonly unknown[]): object => ({ count: value.length, value });
