// Values that must not be found where they do not belong, in every form in which they could have got there.

/** Something to search: where it is from, and its text. */
export type Place = readonly [where: string, text: string];

/** Base64 of a text that begins so many bytes into a group of three: what surrounds it changes its first and last digits. */
function within(bytes: Buffer, offset: number): string {
  const digits = Buffer.concat([Buffer.alloc(offset), bytes])
    .toString("base64")
    .replace(/=+$/, "");
  const surrounded = (offset + bytes.length) % 3 !== 0;
  return digits.slice(offset === 0 ? 0 : offset + 1, surrounded ? -1 : undefined);
}

const url64 = (text: string): string => text.replaceAll("+", "-").replaceAll("/", "_");

/** A value as it is, as JSON, in an address, and in base64 wherever in a longer text: `Basic`, volumes, tokens. */
function forms(value: string): string[] {
  const bytes = [Buffer.from(value, "utf8")];
  // A field of a key is base64 itself: its bytes may be anywhere in another encoding of the key.
  if (/^[A-Za-z0-9+/]{40,}={0,2}$/.test(value)) bytes.push(Buffer.from(value, "base64"));
  const encoded = bytes.flatMap((one) => [0, 1, 2].map((offset) => within(one, offset)));
  const hex = bytes.slice(1).map((one) => one.toString("hex"));
  return [
    value,
    JSON.stringify(value).slice(1, -1),
    encodeURIComponent(value),
    ...encoded,
    ...encoded.map(url64),
    ...hex,
  ];
}

export class Secrets {
  readonly #forms = new Map<string, string>();

  /** @param name what is told of it: never the value */
  add(name: string, value: string): void {
    if (value.length < 16) throw new Error(`${name} is so short that it could be found by chance.`);
    // Of a JWT, each part that is its own alone would be enough.
    const [, claims, signature] = /^eyJ[\w-]+\.([\w-]+)\.([\w-]+)$/.exec(value) ?? [];
    for (const one of [value, claims, signature].filter((part) => part !== undefined))
      for (const form of forms(one)) if (!this.#forms.has(form)) this.#forms.set(form, name);
  }

  /** Names of those there are. */
  get names(): string[] {
    return [...new Set(this.#forms.values())].sort();
  }

  /** Which of them a text holds. */
  in(text: string): string[] {
    const found = [...this.#forms].filter(([form]) => text.includes(form)).map(([, name]) => name);
    return [...new Set(found)];
  }

  /** Every secret in every place, as `name: where`. */
  hits(places: Iterable<Place>): string[] {
    return [...places].flatMap(([where, text]) => this.in(text).map((name) => `${name}: ${where}`));
  }
}
