// Shortens marks to the length that a tag or a capability may have. Pure.

/** Of the value of a tag (facts aci-azure-sdk §3.3; Microsoft Learn, tag resources: 256 characters). */
export const tagLength = 256;

/**
 * Of the value of a capability: the agent itself passes over longer ones (microsoft/azure-pipelines-agent #2306). That the pool
 * takes so many is a guess.
 */
export const capabilityLength = 1024;

/**
 * Of a mark among all of them in one variable. The agent shows no variable of 1,024 characters or more (facts agent-protocol
 * §2.3), and the ID of a resource group, which must stay whole, has 157 at most.
 */
export const variableMarkLength = 160;

/** All lengths that a mark may have been cut to. */
export const markLengths: readonly number[] = [capabilityLength, tagLength, variableMarkLength];

/** Of the name of a capability: a guess, so that a name that nobody can want is refused before anything is made. */
export const capabilityNameLength = 256;

/** FNV-1a over 64 bits, in hexadecimal: no secret depends on it, two long names must only not look alike. */
function digest(text: string): string {
  const mask = (1n << 64n) - 1n;
  let hash = 0xcbf29ce484222325n;
  for (const byte of new TextEncoder().encode(text)) hash = ((hash ^ BigInt(byte)) * 0x100000001b3n) & mask;
  return hash.toString(16).padStart(16, "0");
}

/**
 * The same text where it fits, else its beginning and a digest of all of it: equal texts stay equal, and others differ.
 * @param limit in UTF-16 units, as Azure counts
 */
export function shortened(text: string, limit: number = tagLength): string {
  if (text.length <= limit) return text;
  // Never cut a surrogate pair in half.
  const kept = text.slice(0, limit - 17).replace(/[\ud800-\udbff]$/, "");
  return `${kept}~${digest(text)}`;
}

/** Shortens the values of all marks. */
export const fitted = (marks: Readonly<Record<string, string>>, limit: number): Record<string, string> =>
  Object.fromEntries(Object.entries(marks).map(([name, value]) => [name, shortened(value, limit)]));
