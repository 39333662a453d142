// Estimates what an agent's container costs: Azure bills vCPU and GB seconds from the start of the pull to the end.
import type { Prices } from "../settings/settings.ts";
import type { CostRecord } from "./step-record.ts";

/** List prices in US dollars. A guess: taken from memory for East US, as no price list could be read. */
export const defaultPrices: Prices = { currency: "USD", vcpuHour: 0.0486, gbHour: 0.0054, of: "2026-11-01" };

const hour = 3600;

/**
 * @param size of the container: cores and GB of memory
 * @param seconds that it was billed; begun ones count
 */
export function costOf(
  size: { readonly cpu: number; readonly memoryInGB: number },
  seconds: number,
  { currency, vcpuHour, gbHour, of }: Prices,
): CostRecord {
  const billed = Math.ceil(seconds);
  const vcpuSeconds = billed * size.cpu;
  const gbSeconds = billed * size.memoryInGB;
  const amount = (vcpuSeconds * vcpuHour + gbSeconds * gbHour) / hour;
  return { currency, amount: Number(amount.toPrecision(4)), vcpuSeconds, gbSeconds, pricesOf: of };
}
