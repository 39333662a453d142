// The few ASN.1 types a certificate is made of, in their distinguished encoding (X.690).

export function encoded(tag: number, ...contents: readonly Buffer[]): Buffer {
  const content = Buffer.concat(contents);
  return Buffer.concat([Buffer.from([tag]), length(content.length), content]);
}

export const sequence = (...items: readonly Buffer[]): Buffer => encoded(0x30, ...items);
export const set = (...items: readonly Buffer[]): Buffer => encoded(0x31, ...items);
export const integer = (bigEndian: Buffer): Buffer => encoded(0x02, bigEndian);
export const octetString = (content: Buffer): Buffer => encoded(0x04, content);
export const utf8String = (text: string): Buffer => encoded(0x0c, Buffer.from(text));
export const truth = (): Buffer => encoded(0x01, Buffer.from([0xff]));

/** @param unusedBits how many of the last byte's low bits do not count. */
export function bitString(content: Buffer, unusedBits = 0): Buffer {
  return encoded(0x03, Buffer.from([unusedBits]), content);
}

/** `[number]`, holding a whole encoded value. */
export const explicit = (number: number, content: Buffer): Buffer => encoded(0xa0 | number, content);

/** `[number]`, taking the place of a primitive type's own tag. */
export const implicit = (number: number, content: Buffer): Buffer => encoded(0x80 | number, content);

/** @param dotted for example `2.5.29.19`. */
export function objectIdentifier(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split(".").map(Number);
  return encoded(0x06, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]));
}

/** UTCTime, which certificates use up to the year 2049 (RFC 5280 §4.1.2.5). */
export function utcTime(time: Date): Buffer {
  const digits = time.toISOString().replace(/\D/g, "");
  return encoded(0x17, Buffer.from(`${digits.slice(2, 14)}Z`));
}

function length(bytes: number): Buffer {
  if (bytes < 0x80) return Buffer.from([bytes]);
  return bytes < 0x100 ? Buffer.from([0x81, bytes]) : Buffer.from([0x82, bytes >> 8, bytes & 0xff]);
}

function base128(value: number): number[] {
  const bytes = [value & 0x7f];
  for (let rest = value >> 7; rest > 0; rest >>= 7) bytes.unshift((rest & 0x7f) | 0x80);
  return bytes;
}
