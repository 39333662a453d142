// The variables of a job.
import type { JobVariable } from "./job-message.ts";
import { expandMacros } from "./macro-expansion.ts";
import type { SecretMasker } from "./secret-masking.ts";

export interface Variable {
  readonly name: string;
  readonly value: string;
  readonly secret: boolean;
  readonly readOnly: boolean;
}

/** Longest chain of variables that name one another. */
const MAX_DEPTH = 50;

/**
 * A job's variables: names without regard to case, values that may name other variables, secrets that stay secret
 * once they were (a conservative rule of the agent's own).
 */
export class Variables {
  readonly #asWritten = new Map<string, Variable>();
  #expanded = new Map<string, Variable>();
  readonly #masker: SecretMasker;

  constructor(initial: Readonly<Record<string, JobVariable>>, masker: SecretMasker) {
    this.#masker = masker;
    for (const [name, { value, isSecret }] of Object.entries(initial))
      this.#asWritten.set(name.toLowerCase(), { name, value, secret: isSecret ?? false, readOnly: false });
    this.recalculate();
  }

  get(name: string): string | undefined {
    return this.#expanded.get(name.toLowerCase())?.value;
  }

  isReadOnly(name: string): boolean {
    return this.#expanded.get(name.toLowerCase())?.readOnly ?? false;
  }

  set(name: string, value: string, { secret = false, readOnly = false } = {}): void {
    const before = this.#expanded.get(name.toLowerCase());
    const variable: Variable = {
      name: before?.name ?? name,
      value,
      secret: secret || (before?.secret ?? false),
      readOnly: readOnly || (before?.readOnly ?? false),
    };
    if (variable.secret) this.#masker.add(value);
    this.#asWritten.set(name.toLowerCase(), variable);
    this.#expanded.set(name.toLowerCase(), variable);
  }

  /** Everything, with values expanded. */
  all(): readonly Variable[] {
    return [...this.#expanded.values()];
  }

  /** Expands `$(name)` in a text, one level. */
  expand(text: string): string {
    return expandMacros(text, (name) => this.get(name));
  }

  /**
   * Expands what the values name, to any depth; done before each step, since steps set variables.
   * @returns a warning for each variable that names itself in the end.
   */
  recalculate(): string[] {
    const warnings: string[] = [];
    const expanded = new Map<string, Variable>();
    for (const [key, variable] of this.#asWritten) {
      const found = this.#resolve(variable, []);
      if ("problem" in found) warnings.push(found.problem);
      const { value, secret } = "problem" in found ? variable : found;
      if (secret && value !== variable.value) this.#masker.add(value);
      expanded.set(key, { ...variable, value, secret });
    }
    this.#expanded = expanded;
    return warnings;
  }

  #resolve(
    variable: Variable,
    chain: readonly string[],
  ): { value: string; secret: boolean } | { readonly problem: string } {
    const key = variable.name.toLowerCase();
    if (chain.includes(key)) return { problem: `Variable '${variable.name}' contains a cyclical reference.` };
    if (chain.length >= MAX_DEPTH) return { problem: `Variable '${variable.name}' exceeds max depth ${MAX_DEPTH}.` };
    let secret = variable.secret;
    let problem: string | undefined;
    const value = expandMacros(variable.value, (name) => {
      const nested = this.#asWritten.get(name.toLowerCase());
      if (nested === undefined || problem !== undefined) return undefined;
      const found = this.#resolve(nested, [...chain, key]);
      if ("problem" in found) {
        problem = found.problem;
        return undefined;
      }
      secret ||= found.secret;
      return found.value;
    });
    return problem === undefined ? { value, secret } : { problem };
  }
}
