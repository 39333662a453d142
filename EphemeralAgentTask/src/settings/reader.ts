// Reads single inputs and gathers what is wrong with them. A reader always returns something usable, so that one pass
// finds every problem; what it returned counts only when there was none.
import type { Problem } from "./problems.ts";

/** A service connection as the agent hands it over. */
export interface RawEndpoint {
  readonly url: string | undefined;
  readonly scheme: string | undefined;
  parameter(name: string): string | undefined;
  data(name: string): string | undefined;
}

/** Everything the task is given, untouched. */
export interface RawTask {
  input(name: string): string | undefined;
  variable(name: string): string | undefined;
  endpoint(id: string): RawEndpoint | undefined;
}

/** Inputs that have another name in YAML: users know that one. */
const aliases: Readonly<Record<string, string>> = { connectedServiceNameARM: "azureSubscription" };

export const written = (input: string) => aliases[input] ?? input;

const macro = /\$\(([^)]+)\)/;

export class Reader {
  readonly problems: Problem[] = [];
  constructor(readonly raw: RawTask) {}

  /** Notes a problem. @param input canonical name */
  wrong(input: string, found: string | undefined, allowed: string): void {
    this.problems.push({ input: written(input), found, allowed });
  }

  /** The value, or undefined when empty. A macro that nothing expanded is a problem of its own. */
  optional(input: string): string | undefined {
    const value = this.raw.input(input)?.trim();
    if (value === undefined || value === "") return undefined;
    const unknown = macro.exec(value);
    if (!unknown) return value;
    this.wrong(
      input,
      unknown[0],
      `the variable '${unknown[1]}' is not defined in this job; define it or correct its name`,
    );
    return undefined;
  }

  private unexpanded(input: string): boolean {
    return macro.test(this.raw.input(input) ?? "");
  }

  /** A value that must be there. @param allowed what it is, for the message */
  required(input: string, allowed: string): string {
    const value = this.optional(input);
    if (value === undefined && !this.unexpanded(input)) this.wrong(input, undefined, `${allowed} is needed`);
    return value ?? "";
  }

  /** A value of a form. */
  matching(input: string, pattern: RegExp, allowed: string, value: string | undefined): string | undefined {
    if (value !== undefined && value !== "" && !pattern.test(value)) this.wrong(input, value, allowed);
    return value;
  }

  /** A number within bounds. @param fallback used when nothing was given */
  number(
    input: string,
    fallback: number,
    bounds: { min: number; max: number; whole?: boolean; unit?: string },
  ): number {
    const text = this.optional(input);
    if (text === undefined) return fallback;
    const { min, max, whole = false, unit } = bounds;
    const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
    if (!(value >= min && value <= max) || (whole && !Number.isInteger(value))) {
      const kind = whole ? "a whole number" : "a number, with a point for decimals,";
      this.wrong(input, text, `allowed: ${kind} from ${min} to ${max}${unit ? ` (${unit})` : ""}`);
      return fallback;
    }
    return value;
  }

  choice<T extends string>(input: string, fallback: T, choices: readonly T[]): T {
    const text = this.optional(input);
    if (text === undefined) return fallback;
    const chosen = choices.find((choice) => choice.toLowerCase() === text.toLowerCase());
    if (chosen === undefined) this.wrong(input, text, `allowed: ${choices.join(", ")}`);
    return chosen ?? fallback;
  }

  boolean(input: string): boolean {
    return this.choice(input, "false", ["true", "false"]) === "true";
  }

  /** `name=value` lines. @param secret the values are: a line that is none is not shown then */
  pairs(input: string, secret = false): [name: string, value: string][] {
    const lines = (this.optional(input) ?? "").split(/\r?\n/).map((line) => line.trim());
    const pairs: [string, string][] = [];
    for (const line of lines.filter((one) => one !== "")) {
      const at = line.indexOf("=");
      if (at < 1) this.wrong(input, secret ? "(a line without '=')" : line, "one 'name=value' a line is allowed");
      else pairs.push([line.slice(0, at).trim(), line.slice(at + 1).trim()]);
    }
    return pairs;
  }

  /** A predefined variable of the pipeline. */
  variable(name: string): string {
    const value = this.raw.variable(name);
    if (value === undefined || value === "") {
      this.wrong(`$(${name})`, undefined, "the agent sets this variable in every pipeline; the task runs nowhere else");
    }
    return value ?? "";
  }
}
