// What one input may hold, as a table: values that are taken and what becomes of them, values that are refused and what
// is said then, and what holds when nothing is given.
import type { CreateSettings, Settings } from "../../../EphemeralAgentTask/src/settings/settings.ts";
import type { RawParts } from "../../in-memory/raw-inputs.ts";

export interface Rows {
  /** What else is given to the task. */
  readonly beside?: RawParts;
  /** What the input became. */
  of(settings: Settings): unknown;
  /** Value to what it becomes. */
  readonly good: Readonly<Record<string, unknown>>;
  /** Value to what is said of it. */
  readonly bad: Readonly<Record<string, RegExp>>;
  /** What it is when nothing is given, or what is said then. */
  readonly absent: { readonly is: unknown } | { readonly needed: RegExp };
  /** Nobody may see it: no message quotes the secret in the values above. */
  readonly secret?: true;
}

/** Stands for the secret in values of secret inputs. */
export const hidden = "hunter2";

/** The settings of `run` and `create`. */
export function made(settings: Settings): CreateSettings {
  if ("placements" in settings) return settings;
  throw new Error(`the action ${settings.action} makes no agent`);
}

/** A table over what `run` and `create` read. */
export const making = (rows: Omit<Rows, "of"> & { of(settings: CreateSettings): unknown }): Rows => ({
  ...rows,
  of: (settings) => rows.of(made(settings)),
});

/** `true` and `false`, and nothing else. */
export const flag = (of: Rows["of"], beside: RawParts = {}): Rows => ({
  beside,
  of,
  good: { true: true, True: true, TRUE: true, false: false, False: false },
  bad: { yes: /found 'yes'; allowed: true, false/, "1": /found '1'/, on: /found 'on'/, "true false": /allowed/ },
  absent: { is: false },
});

/** Whole numbers between two bounds. @param per what the settings have of one */
export function whole(
  of: Rows["of"],
  {
    min,
    max,
    usual,
    per = 1,
    beside = {},
  }: { min: number; max: number; usual: number; per?: number; beside?: RawParts },
): Rows {
  const good = [min, max].map((value) => [String(value), value * per]);
  const [below, above] = [String(min - 1), String(max + 1)];
  const rule = new RegExp(`allowed: a whole number from ${min} to ${max}`);
  const wrong = [below, above, "1.5", "1,5", "ten", "1e1", "0x10", "+5", "5 min"].map((value) => [value, rule]);
  return { beside, of, good: Object.fromEntries(good), bad: Object.fromEntries(wrong), absent: { is: usual * per } };
}
