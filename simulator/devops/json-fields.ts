// Reads JSON bodies and query parameters of requests to Azure DevOps.
import { invalidArgument } from "./service-error.ts";

// Reading what a client sent. Anything malformed is a 400. Names of members and values of enums are read without regard
// to case, as the service's own serializer does (Newtonsoft.Json, which the agent's SDK shares).

/** The members of a JSON object, found by name whatever its case. */
export interface Fields {
  /** The value of a member; undefined when there is none. */
  get(name: string): unknown;
  /** The members as they were sent: for dictionaries, whose keys are data. */
  entries(): readonly (readonly [string, unknown])[];
}

/** @throws ServiceError 400 when the value is no JSON object. */
export function fields(value: unknown, what: string): Fields {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw invalidArgument(`${what} must be a JSON object.`);
  }
  const entries = Object.entries(value);
  const members = new Map(entries.map(([name, each]) => [name.toLowerCase(), each]));
  return { get: (name) => members.get(name.toLowerCase()), entries: () => entries };
}

export function optionalFields(value: unknown, what: string): Fields | undefined {
  return value === undefined || value === null ? undefined : fields(value, what);
}

export function optionalText(from: Fields, name: string): string | undefined {
  const value = from.get(name);
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
  const value = from.get(name);
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "number") throw invalidArgument(`${name} must be a number.`);
  return value;
}

export function optionalBoolean(from: Fields, name: string): boolean | undefined {
  const value = from.get(name);
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "boolean") throw invalidArgument(`${name} must be true or false.`);
  return value;
}

export function list(from: Fields, name: string): readonly unknown[] {
  const value = from.get(name);
  if (!Array.isArray(value)) throw invalidArgument(`${name} must be an array.`);
  return value;
}

/**
 * A value of an enum: its name in any case, or its number, which some clients send.
 * @param values the names in the service's spelling, each at the index that is its number.
 */
export function optionalEnum<Value extends string>(
  from: Fields,
  name: string,
  values: readonly Value[],
): Value | undefined {
  const sent = from.get(name);
  if (sent === undefined || sent === null) return undefined;
  const found =
    typeof sent === "number"
      ? values[sent]
      : values.find((value) => value.toLowerCase() === String(sent).toLowerCase());
  if (found === undefined) throw invalidArgument(`${name} must be one of ${values.join(", ")}.`);
  return found;
}

/** A dictionary of strings, as capabilities are. */
export function textMap(value: unknown, what: string): Record<string, string> {
  return Object.fromEntries(
    fields(value, what)
      .entries()
      .map(([name, each]) => {
        if (typeof each !== "string") throw invalidArgument(`${name} in ${what} must be a string.`);
        return [name, each];
      }),
  );
}

/** A collection, as every list of the services is wrapped. */
export const collection = (value: readonly unknown[]): object => ({ count: value.length, value });
