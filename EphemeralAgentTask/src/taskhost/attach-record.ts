// Attaches a step's record to its run: a page for the summary, and a file for the tab. A failure here never fails the step.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as tl from "azure-pipelines-task-lib/task.js";
import { attachable } from "../report/attachment-content.ts";
import { attachmentType, type StepRecord } from "../report/step-record.ts";
import { markdownOf } from "../report/summary-page.ts";
import { tempDirectory } from "./startup/secret-key-in-memory.ts";

/**
 * Writes both files and asks the agent to take them. Where nothing can be written, nothing is attached.
 * @param secrets known to this step
 */
export function attach(record: StepRecord, secrets: Iterable<string>): void {
  if (!tempDirectory) return;
  const folder = join(tempDirectory, "ephemeral-agents");
  // One of each step: the summary shows a file's name as its title, and an attachment is found by its name.
  const name = `${record.action}-${(tl.getVariable("System.JobId") ?? "job").slice(0, 8)}-${Date.parse(record.began)}`;
  try {
    const clean = attachable(record, secrets);
    mkdirSync(folder, { recursive: true });
    const [page, facts] = [join(folder, `Ephemeral agents ${name}.md`), join(folder, `${name}.json`)];
    writeFileSync(page, markdownOf(clean));
    writeFileSync(facts, JSON.stringify(clean));
    tl.command("task.uploadsummary", {}, page);
    tl.command("task.addattachment", { type: attachmentType, name }, facts);
  } catch (error) {
    tl.debug(`no summary is attached: ${error instanceof Error ? error.message : error}`);
  }
}
