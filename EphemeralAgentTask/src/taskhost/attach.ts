// Puts a step's record on its run: a page in the summary, and the facts as a file for the tab. Neither is worth a failure.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as tl from "azure-pipelines-task-lib/task.js";
import { markdownOf } from "../report/markdown.ts";
import { attachmentType, type StepRecord } from "../report/record.ts";
import { tempDirectory } from "./key-in-memory.ts";

/** The agent hides secrets in the log alone, not in the files that it uploads. */
const hidden = "***";

/** @param secrets that must not be in it, the longest first */
function without(text: string, secrets: readonly string[]): string {
  return secrets.reduce((left, secret) => left.replaceAll(secret, hidden), text);
}

/** The same record without any secret in a text of it. */
function cleaned(record: StepRecord, secrets: readonly string[]): StepRecord {
  const clean = (_: string, value: unknown) => (typeof value === "string" ? without(value, secrets) : value);
  return JSON.parse(JSON.stringify(record, clean));
}

/**
 * Writes both files and asks the agent to take them. Where nothing can be written, nothing is attached.
 * @param secrets known to this step
 */
export function attach(record: StepRecord, secrets: Iterable<string>): void {
  const longestFirst = [...new Set(secrets)].filter(Boolean).sort((a, b) => b.length - a.length);
  if (!tempDirectory) return;
  const folder = join(tempDirectory, "ephemeral-agents");
  // One of each step: the summary shows a file's name as its title, and an attachment is found by its name.
  const name = `${record.action}-${(tl.getVariable("System.JobId") ?? "job").slice(0, 8)}-${Date.parse(record.began)}`;
  try {
    const clean = cleaned(record, longestFirst);
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
