// Text of a page that leads nowhere once the page stands alone, as in the Marketplace.

/** Words that point at something: without a link they point at nothing. */
const pointing = /\b(?:here|below|above|clone|next page|this repository|this folder|this file)\b/i;

/**
 * @param page Markdown
 * @param files what is beside the page
 * @returns what is wrong, piece by piece
 */
export function deadText(page: string, files: readonly string[]): readonly string[] {
  const prose = page.replace(/^```.*?^```$/gms, "");
  const targets = [...prose.matchAll(/(!?)\[[^\]]*\]\(([^)\s]*)\)/g)];
  const lost = targets
    .filter(([, picture, target = ""]) => (picture ? !files.includes(target) : !/^https:\/\/[^/]+\.[^/]+/.test(target)))
    .map(([link]) => `leads nowhere: ${link}`);
  const unresolved = [...prose.matchAll(/\[[^\]]+\](?!\()|<!--|\bTODO\b|\{\{|YOUR-/g)].map(
    ([text]) => `left over: ${text}`,
  );
  const pointless = prose
    .split(/\n\n|\n(?=[-\d])/)
    .filter((block) => pointing.test(block) && !/\]\(https:/.test(block))
    .map((block) => `points at nothing: ${block.trim()}`);
  return [...lost, ...unresolved, ...pointless];
}
