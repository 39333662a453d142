// Text from outside made harmless to look at, and numbers made readable.

/** Control characters, and characters that turn the direction of what follows or hide it. */
function isHidden(code: number): boolean {
  if (code === 0x09 || code === 0x0a) return false;
  const control = code < 0x20 || (code >= 0x7f && code <= 0x9f);
  const turning = (code >= 0x200b && code <= 0x200f) || (code >= 0x2028 && code <= 0x202e);
  return control || turning || (code >= 0x2060 && code <= 0x2069) || code === 0xfeff;
}

/** The text with hidden characters shown as \ufffd, line ends and tabs kept. */
export const visible = (text: string): string =>
  [...text.replaceAll("\r\n", "\n")].map((one) => (isHidden(one.codePointAt(0) ?? 0) ? "\ufffd" : one)).join("");

/** At most so many characters, with an ellipsis. */
export const shortened = (text: string, most: number): string =>
  text.length > most ? `${text.slice(0, most - 1)}…` : text;

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
