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
const aliases: Readonly<Record<string, string>> = {
  connectedServiceNameARM: "azureSubscription",
  connectedServiceNameAzureDevOps: "azureDevOpsConnection",
};

export const written = (input: string) => aliases[input] ?? input;

/** Inputs whose value, or a part of it, nobody may see. */
const secret = new Set([
  "azureDevOpsToken",
  "agentProxyPassword",
  "logAnalyticsWorkspaceKey",
  "secretEnvironmentVariables",
  "volumes",
]);

const macro = /\$\(([^)]+)\)/;
/** A macro that is a whole value. Inside one it may be a piece of a password. */
const wholeMacro = /(?:^|[=\n])\s*(\$\(([^)]+)\))\s*(?:\s|$)/;
/** Worked out in variables and conditions, never in an input. */
const expression = /^\$\[.*\]$/s;
const hidden = "(not shown)";

export class Reader {
  readonly problems: Problem[] = [];
  constructor(readonly raw: RawTask) {}

  /** Notes a problem. @param input canonical name */
  wrong(input: string, found: string | undefined, allowed: string): void {
    this.problems.push({ input: written(input), found, allowed });
  }

  /** The value in one line, or undefined when empty. What nothing expanded is a problem of its own. */
  optional(input: string): string | undefined {
    const value = this.text(input);
    if (value === undefined || !/[\p{Cc}\p{Zl}\p{Zp}]/u.test(value)) return value;
    this.wrong(input, this.shown(input, value), "one line is allowed, without control characters");
    return undefined;
  }

  /** The same where several lines make sense. */
  text(input: string): string | undefined {
    const value = this.given(input);
    if (value === "") return undefined;
    if (expression.test(value)) {
      this.wrong(input, this.shown(input, value), "expressions are not worked out in inputs; write $(name) instead");
      return undefined;
    }
    const [found, name] = (secret.has(input) ? wholeMacro.exec(value)?.slice(1) : macro.exec(value)) ?? [];
    if (found === undefined && !macro.test(value)) return value;
    const which = name === undefined ? "a variable in it" : `the variable '${name}'`;
    this.wrong(input, found ?? hidden, `${which} is not defined in this job; define it or correct its name`);
    return undefined;
  }

  /** The lines that hold something. */
  lines(input: string): string[] {
    const lines = (this.text(input) ?? "").split(/\r?\n/).map((line) => line.trim());
    return lines.filter((line) => line !== "");
  }

  private given(input: string): string {
    return this.raw.input(input)?.trim() ?? "";
  }

  private shown(input: string, value: string): string {
    return secret.has(input) ? hidden : value;
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
  matching(input: string, pattern: RegExp, allowed: string, value: string | undefined): string | undefined {
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
  pairs(input: string, same: (name: string) => string = (name) => name): [name: string, value: string][] {
    const pairs: [string, string][] = [];
    const names = new Set<string>();
    for (const line of this.lines(input)) {
      const at = line.indexOf("=");
      const name = line.slice(0, Math.max(at, 0)).trim();
      const shown = secret.has(input) ? "(a line without a name)" : line;
      if (name === "") this.wrong(input, shown, "one 'name=value' a line is allowed");
      else if (names.has(same(name))) this.wrong(input, name, "a name may be given once");
      else pairs.push([name, line.slice(at + 1).trim()]);
      names.add(same(name));
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
