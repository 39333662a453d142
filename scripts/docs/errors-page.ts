// docs/errors.md, from the catalog of errors. `npx tsx scripts/docs/errors-page.ts` writes it anew.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { CatalogEntry } from "../../EphemeralAgentTask/src/errors/catalog/catalog-entry.ts";
import { catalog } from "../../EphemeralAgentTask/src/errors/catalog.ts";

/** By the first digit of a code. */
const groups: Readonly<Record<string, string>> = {
  1: "Inputs and setup",
  2: "Azure",
  3: "Network",
  4: "Image",
  5: "Azure DevOps",
  6: "Agent",
  7: "Job",
  8: "Cleanup",
  9: "Other",
};

const introduction = `# Errors

Every failure of the task has a code. Its message says what happened, the cause in the words of whoever refused, and
what to do next; the container's events and the end of its log stand above it in the step's log. This page lists the
codes without the causes, which are different each time.`;

/** Text as Markdown shows it unchanged. */
const plain = (text: string) => text.replace(/[<*_`]/g, "\\$&");

function entry(code: string, { title, next }: CatalogEntry): string {
  return `### ${code}\n\n${plain(title)}\n\n**Next step:** ${plain(next)}`;
}

/**
 * The page as Markdown.
 * @throws when a code belongs to no group
 */
export function errorsPage(entries: Readonly<Record<string, CatalogEntry>> = catalog): string {
  const codes = Object.keys(entries).toSorted();
  const stray = codes.find((code) => groups[code.slice(2, 3)] === undefined);
  if (stray !== undefined) throw new Error(`The error ${stray} belongs to no group of the page.`);
  const sections = Object.entries(groups).flatMap(([digit, name]) => {
    const own = Object.entries(entries).filter(([code]) => code.slice(2, 3) === digit);
    const sorted = own.toSorted(([one], [other]) => one.localeCompare(other));
    return own.length === 0 ? [] : [`## ${name}`, ...sorted.map(([code, each]) => entry(code, each))];
  });
  return `${[introduction, ...sections].join("\n\n")}\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const repository = fileURLToPath(new URL("../..", import.meta.url));
  writeFileSync(join(repository, "docs/errors.md"), errorsPage());
}
