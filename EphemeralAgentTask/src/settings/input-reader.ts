// Reads single inputs and gathers what is wrong with them. A reader always returns something usable, so that one pass
// finds every problem; what it returned counts only when there was none.

import type { Problem } from "./input-problems.ts";
import { blocksOf, type Line, linesOf, type Pair, pairsOf } from "./text/multiline-input.ts";
import {
  isSecret,
  macroIn,
  mayHoldSecret,
  mayShow,
  oneLine,
  quoted,
  type SecretInput,
  wholeMacroIn,
} from "./text/secret-inputs.ts";
import { holdsKey, holdsSecret, keysIn } from "./text/secret-text.ts";

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
const aliases: Readonly<Record<string, string>> = {
  connectedServiceNameARM: "azureSubscription",
  connectedServiceNameAzureDevOps: "azureDevOpsConnection",
};

export const written = (input: string) => aliases[input] ?? input;

/** Worked out in variables and conditions, never in an input. */
const expression = (value: string) => value.startsWith("$[") && value.endsWith("]");
const hidden = "(not shown)";

/** A literal name of an input that holds secrets is refused by the compiler where a value would be quoted. */
type Open<Input extends string> = Input extends SecretInput ? never : Input;

export class Reader {
  readonly problems: Problem[] = [];
  private readonly hidden = new Map<string, boolean>();
  constructor(readonly raw: RawTask) {}

  /**
   * Notes a problem. The value is quoted only where that gives no secret away, whoever calls this.
   * @param input canonical name
   */
  wrong<Input extends string>(input: Open<Input>, found: string | undefined, allowed: string): void {
    const value = found === undefined ? undefined : this.shown(input, found);
    this.note({ input: written(input), found: value, allowed });
  }

  /** A value of an input as a message may have it. */
  shown(input: string, found: string): string {
    return mayShow(input, found) && !this.hides(input) ? quoted(found) : hidden;
  }

  /** Nothing of such an input is shown. */
  private hides(input: string): boolean {
    const known = this.hidden.get(input);
    if (known !== undefined) return known;
    const value = this.raw.input(input) ?? "";
    const hides = isSecret(input) || holdsKey(value) || keysIn(value).length > 0;
    this.hidden.set(input, hides);
    return hides;
  }

  /** What is allowed may speak of other inputs. */
  private note(problem: Problem): void {
    this.problems.push({ ...problem, allowed: oneLine(problem.allowed) });
  }

  /** Notes a problem of an input that holds secrets: nothing of it is quoted. @param line its number, from 1 */
  wrongSecret(input: SecretInput, line: number | undefined, allowed: string): void {
    this.note({ input, found: hidden, ...(line === undefined ? {} : { line }), allowed });
  }

  /** Notes a problem of a line, which is quoted only where that gives no secret away. */
  wrongLine(input: string, { number }: Pick<Line, "number">, found: string, allowed: string): void {
    if (this.hides(input) || holdsSecret(found))
      this.note({ input: written(input), found: hidden, line: number, allowed });
    else this.wrong(input, found, allowed);
  }

  /** The value in one line, or undefined when empty. What nothing expanded is a problem of its own. */
  optional(input: string): string | undefined {
    const value = this.text(input);
    if (value === undefined || !/[\p{Cc}\p{Zl}\p{Zp}]/u.test(value)) return value;
    this.wrong(input, value, "one line is allowed, without control characters");
    return undefined;
  }

  /** The same where several lines make sense. */
  text(input: string): string | undefined {
    const value = this.given(input);
    if (value === "") return undefined;
    if (expression(value)) {
      this.wrong(input, value, "expressions are not worked out in inputs; write $(name) instead");
      return undefined;
    }
    const macro = macroIn(value);
    if (macro === undefined) return value;
    // A name that a whole value refers to is no part of a secret; a piece of a longer value may be one of a password.
    const found = mayHoldSecret(input) || this.hides(input) || holdsSecret(value) ? wholeMacroIn(value) : macro;
    const which = found === undefined ? "a variable in it" : `the variable '${quoted(found.slice(2, -1))}'`;
    const allowed = `${which} is not defined in this job; define it or correct its name`;
    this.note({ input: written(input), found: found === undefined ? hidden : quoted(found), allowed });
    return undefined;
  }

  /** The lines that hold something. */
  lines(input: string): Line[] {
    return this.text(input) === undefined ? [] : linesOf(this.raw.input(input) ?? "");
  }

  private given(input: string): string {
    return this.raw.input(input)?.trim() ?? "";
  }

  /** Notes that a value is missing; one that was refused is not. */
  missing(input: string, why: string): void {
    if (this.given(input) === "") this.wrong(input, undefined, why);
  }

  /** A value that must be there. @param allowed what it is, for the message */
  required(input: string, allowed: string): string {
    this.missing(input, `${allowed} is needed`);
    return this.optional(input) ?? "";
  }

  /** A value of a form. */
  matching<Input extends string>(
    input: Open<Input>,
    pattern: RegExp,
    allowed: string,
    value: string | undefined,
  ): string | undefined {
    if (value !== undefined && value !== "" && !pattern.test(value)) this.wrong(input, value, allowed);
    return value;
  }

  /** A number within bounds. @param fallback used when nothing was given */
  number(
    input: string,
    fallback: number,
    bounds: { min: number; max: number; unit?: string } & ({ whole: true } | { step: number }),
  ): number {
    const text = this.optional(input);
    if (text === undefined) return fallback;
    const { min, max, unit } = bounds;
    const step = "step" in bounds ? bounds.step : 1;
    const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
    const steps = value / step;
    if (value >= min && value <= max && Math.abs(steps - Math.round(steps)) < 1e-6) return value;
    const kind = step === 1 ? "a whole number" : "a number, with a point for decimals,";
    const finer = step === 1 ? "" : ` in steps of ${step}`;
    this.wrong(input, text, `allowed: ${kind} from ${min} to ${max}${unit ? ` (${unit})` : ""}${finer}`);
    return fallback;
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

  /** `name=value` lines. @param same whether two names mean one thing */
  pairs(input: string, same: (name: string) => string = (name) => name): Pair[] {
    return this.named(input, pairsOf(this.severalLines(input)), same);
  }

  /** The same, where a value may have several lines. */
  blocks(input: string): Pair[] {
    return this.named(input, blocksOf(this.severalLines(input)), (name) => name);
  }

  private severalLines(input: string): string {
    return this.text(input) === undefined ? "" : (this.raw.input(input) ?? "");
  }

  private named(input: string, all: readonly Pair[], same: (name: string) => string): Pair[] {
    const lines = new Map<string, number>();
    // A line without a name may be one of a key, and so may the others.
    if (all.some(({ name }) => name === undefined)) this.hidden.set(input, true);
    let nameless = -1;
    return all.filter(({ number, name, value, open }) => {
      if (name === undefined) {
        // The lines of one value are one problem.
        if (number !== nameless + 1) this.withoutName(input, number, value);
        nameless = number;
        return false;
      }
      if (open !== undefined) {
        this.wrongLine(input, { number }, name, "the line that ends this value is missing");
        return false;
      }
      const earlier = lines.get(same(name));
      const where = this.hides(input) && earlier !== undefined ? `; line ${earlier} has the same one` : "";
      if (earlier !== undefined) this.wrongLine(input, { number }, name, `a name may be given once${where}`);
      else lines.set(same(name), number);
      return earlier === undefined;
    });
  }

  private withoutName(input: string, number: number, found: string): void {
    const block = isSecret(input) ? "; a value of several lines begins with NAME<<END and ends with a line END" : "";
    this.wrongLine(input, { number }, found, `one 'name=value' a line is allowed${block}`);
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
