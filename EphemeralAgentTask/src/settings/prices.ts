// Reads the prices for the cost estimate.

import type { Reader } from "./input-reader.ts";
import type { Prices } from "./settings.ts";

const form = "allowed: currency=EUR vCPU=0.045 memory=0.005, the prices of an hour, and date=YYYY-MM-DD";

const price = /^\d{1,6}(\.\d{1,9})?$/;

/** What containers cost, for the estimate in the summary; undefined when nothing is given. */
export function pricesOf(reader: Reader): Prices | undefined {
  const given = reader.optional("containerPrices");
  if (given === undefined) return undefined;
  const words = given.split(/\s+/).map((word) => {
    const at = word.indexOf("=");
    return [word.slice(0, Math.max(at, 0)).toLowerCase(), word.slice(at + 1)] as const;
  });
  const named = new Map(words);
  const value = (name: string) => named.get(name) ?? "";
  const { size } = named;
  const known = [...named.keys()].every((name) => ["currency", "vcpu", "memory", "date"].includes(name));
  const right = /^[A-Za-z]{3}$/.test(value("currency")) && price.test(value("vcpu")) && price.test(value("memory"));
  const dated = !named.has("date") || /^\d{4}-\d{2}-\d{2}$/.test(value("date"));
  if (!(known && right && dated && size === words.length)) {
    reader.wrong("containerPrices", given, form);
    return undefined;
  }
  return {
    currency: value("currency").toUpperCase(),
    vcpuHour: Number(value("vcpu")),
    gbHour: Number(value("memory")),
    of: value("date"),
  };
}
