// Every secret that this process has made a mask of: what it writes into files has to do without them, too.

const known = new Set<string>();

/** Remembers a secret. Returns it. */
export function remember(secret: string): string {
  known.add(secret);
  return secret;
}

/** All of them, in no order. */
export const knownSecrets = (): Iterable<string> => known;
