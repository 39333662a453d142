// Writes the summary page of a run to a file.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Attachment } from "../../simulator/devops/runs/runs.ts";

/** As `task.uploadsummary` attaches a page. */
const SUMMARY = "Distributedtask.Core.Summary";

/** The run's summary, as its page shows it: what each step attached, in that order; undefined when no step did. */
export function summaryOf(attachments: readonly Attachment[]): string | undefined {
  const pages = attachments.filter(({ type }) => type === SUMMARY).map(({ content }) => content.toString().trim());
  return pages.length === 0 ? undefined : `${pages.join("\n\n")}\n`;
}

/**
 * Writes the summary into the folder, which is made when it is not there.
 * @returns the file's path; undefined when the run has no summary.
 */
export async function writeSummary(
  attachments: readonly Attachment[],
  folder: string,
  name: string,
): Promise<string | undefined> {
  const summary = summaryOf(attachments);
  if (summary === undefined) return undefined;
  await mkdir(folder, { recursive: true });
  const path = join(folder, `${name}.md`);
  await writeFile(path, summary);
  return path;
}
