// The options of a command for developers. What is wrong with them is told in one message, before anything is started.
import { parseArgs } from "node:util";

interface Option {
  readonly type: "boolean" | "string";
  readonly default?: string | boolean;
  /** What the value is called in the usage, e.g. `N`. */
  readonly value?: string;
  /** The smallest whole number that it may be; any text when left out. */
  readonly from?: number;
  /** The texts that it may be. */
  readonly oneOf?: readonly string[];
}

type Values<O extends Readonly<Record<string, Option>>> = {
  readonly [K in keyof O]: O[K] extends { readonly type: "boolean" }
    ? boolean
    : O[K] extends { readonly default: string }
      ? string
      : string | undefined;
};

const inUsage = ([name, { type, value = "TEXT" }]: readonly [string, Option]): string =>
  `[--${name}${type === "string" ? ` ${value}` : ""}]`;

function wrongOf([name, { from, oneOf }]: readonly [string, Option], given: unknown): string | undefined {
  if (typeof given !== "string") return undefined;
  if (from !== undefined && !(/^\d+$/.test(given) && Number(given) >= from))
    return `--${name} is '${given}'; allowed: a whole number from ${from}`;
  if (oneOf !== undefined && !oneOf.includes(given)) return `--${name} is '${given}'; allowed: ${oneOf.join(", ")}`;
  return undefined;
}

/**
 * Reads the options, or tells what is wrong with them.
 * @param command as people call it, e.g. `npm run bench --`
 * @param args those after the command
 * @returns the values, or the lines that say what is wrong and what there is
 */
export function readOptions<const O extends Readonly<Record<string, Option>>>(
  command: string,
  options: O,
  args: readonly string[],
): { readonly values: Values<O> } | { readonly wrong: readonly string[] } {
  const all = Object.entries(options);
  const usage = `Usage: ${[command, ...all.map(inUsage)].join(" ")}`;
  try {
    const plain = all.map(([name, one]) => [
      name,
      { type: one.type, default: one.default ?? (one.type === "boolean" ? false : undefined) },
    ]);
    const values: Readonly<Record<string, unknown>> = parseArgs({
      args: [...args],
      options: Object.fromEntries(plain),
    }).values;
    const wrong = all.flatMap((one) => wrongOf(one, values[one[0]]) ?? []);
    return wrong.length > 0 ? { wrong: [...wrong, usage] } : { values: values as Values<O> };
  } catch (error) {
    return { wrong: [error instanceof Error ? error.message : String(error), usage] };
  }
}

/** The options of this process. Where they are wrong, it says so and ends with 2. @param command as people call it */
export function commandOptions<const O extends Readonly<Record<string, Option>>>(
  command: string,
  options: O,
): Values<O> {
  const read = readOptions(command, options, process.argv.slice(2));
  if ("values" in read) return read.values;
  console.error(read.wrong.join("\n"));
  process.exit(2);
}
