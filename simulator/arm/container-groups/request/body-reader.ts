// Reads a request's body and names the place of whatever is wrong in it.
import { notSimulated } from "../../arm-error.ts";
import { isObject } from "../../json-body.ts";
import { invalidContent } from "./group-errors.ts";

/** Reads one object of a request's body, knowing where it is, so that a refusal names the place. */
export class Reader {
  readonly path: string;
  readonly #value: Readonly<Record<string, unknown>>;

  /**
   * @param known every property that the service knows here; another one is refused as the service does.
   * @param unsupported those of them that the simulator cannot honor: it says so.
   */
  constructor(value: unknown, path: string, known: readonly string[], unsupported: readonly string[] = []) {
    if (!isObject(value)) throw invalidContent(`An object is expected at '${path}'.`);
    this.path = path;
    // Names of properties are read without regard to case, as the service's JSON reader does.
    const names = new Map(known.concat(unsupported).map((name) => [name.toLowerCase(), name]));
    const read: Record<string, unknown> = {};
    for (const [written, content] of Object.entries(value)) {
      const name = names.get(written.toLowerCase());
      if (name === undefined) throw invalidContent(`Could not find member '${written}' on object at '${path}'.`);
      if (content === null || content === undefined) continue;
      if (unsupported.includes(name) && !isEmpty(content)) throw notSimulated(`${path}.${name} of a container group`);
      read[name] = content;
    }
    this.#value = read;
  }

  has(name: string): boolean {
    return this.#value[name] !== undefined;
  }

  raw(name: string): unknown {
    return this.#value[name];
  }

  text(name: string): string | undefined {
    return this.#typed(name, "string", (value): value is string => typeof value === "string");
  }

  number(name: string): number | undefined {
    return this.#typed(name, "number", (value): value is number => typeof value === "number");
  }

  flag(name: string): boolean | undefined {
    return this.#typed(name, "boolean", (value): value is boolean => typeof value === "boolean");
  }

  oneOf<Choice extends string>(name: string, choices: readonly Choice[]): Choice | undefined {
    const text = this.text(name);
    const choice = choices.find((each) => each.toLowerCase() === text?.toLowerCase());
    if (text === undefined || choice !== undefined) return choice;
    throw invalidContent(
      `Error converting value "${text}" at '${this.path}.${name}'. Possible: ${choices.join(", ")}.`,
    );
  }

  object(name: string, known: readonly string[], unsupported: readonly string[] = []): Reader | undefined {
    if (!this.has(name)) return undefined;
    return new Reader(this.#value[name], `${this.path}.${name}`, known, unsupported);
  }

  /** An object of strings by any name. */
  map(name: string): Record<string, string> {
    const value = this.#value[name] ?? {};
    const isMap = (given: unknown): given is Record<string, string> =>
      isObject(given) && Object.values(given).every((each) => typeof each === "string");
    if (isMap(value)) return value;
    throw invalidContent(`An object of strings is expected at '${this.path}.${name}'.`);
  }

  objects(name: string, known: readonly string[], unsupported: readonly string[] = []): Reader[] {
    return this.#list(name).map(
      (item, index) => new Reader(item, `${this.path}.${name}[${index}]`, known, unsupported),
    );
  }

  texts(name: string): string[] | undefined {
    if (!this.has(name)) return undefined;
    return this.#list(name).map((item) => {
      if (typeof item === "string") return item;
      throw invalidContent(`A list of strings is expected at '${this.path}.${name}'.`);
    });
  }

  #list(name: string): unknown[] {
    const list = this.#value[name] ?? [];
    if (Array.isArray(list)) return list;
    throw invalidContent(`A list is expected at '${this.path}.${name}'.`);
  }

  #typed<Value>(name: string, type: string, is: (value: unknown) => value is Value): Value | undefined {
    const value = this.#value[name];
    if (value === undefined || is(value)) return value;
    throw invalidContent(`A ${type} is expected at '${this.path}.${name}'.`);
  }
}

function isEmpty(content: unknown): boolean {
  return Array.isArray(content) ? content.length === 0 : isObject(content) && Object.keys(content).length === 0;
}
