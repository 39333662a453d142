// Text from outside made harmless to look at, and numbers made readable.

export { visible } from "../../EphemeralAgentTask/src/report/markdown-escape.ts";

/** `1 h 2 min`, `3 min 4 s`, `5 s`. @param ms milliseconds */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60), seconds % 60];
  if (hours > 0) return `${hours} h ${minutes} min`;
  if (minutes === 0) return `${rest} s`;
  return rest === 0 ? `${minutes} min` : `${minutes} min ${rest} s`;
}

/** An amount of money with as many digits as say something. */
export const money = (amount: number, currency: string): string =>
  `${amount.toFixed(amount < 0.1 ? 4 : 2)} ${currency}`;

/** `1 agent`, `2 agents`. */
export const counted = (count: number, one: string): string => `${count} ${one}${count === 1 ? "" : "s"}`;
