// Counts equal texts for a message.

/** Each text once, and how often it was there if more than once: `EA602 (2), EA616`. */
export function tally(texts: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return [...counts].map(([text, count]) => (count > 1 ? `${text} (${count})` : text)).join(", ");
}
