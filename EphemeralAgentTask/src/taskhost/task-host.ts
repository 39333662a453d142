// Implements the TaskHost port over task-lib, and ends the step. Everything that is printed passes the filter for text from
// outside.
import { randomInt } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import * as tl from "azure-pipelines-task-lib/task.js";
import type { Outcome } from "../actions/action-result.ts";
import { Cancelled, TaskError } from "../errors/catalog.ts";
import { toTaskError } from "../errors/mapping/error-mapping.ts";
import { systemTime } from "../http/service-time.ts";
import type { Clock, LineColor, TaskHost } from "../ports.ts";
import { errorOf } from "../report/error-record.ts";
import type { ErrorRecord } from "../report/step-record.ts";
import { reportOf } from "./unexpected-errors.ts";
import { contained, lastPart } from "./untrusted-text.ts";

const outside = { source: "remote" } as const;
const stateVariable = "EPHEMERAL_AGENT_LEDGER";

const print = (text: string) => tl.writeExternalOutput(text.endsWith("\n") ? text : `${text}\n`, outside);

/** An issue with its code, once: task-lib's result would log a second one. */
function issue(type: "error" | "warning", code: string, message: string): void {
  const safe = message.replaceAll("##vso[", "##_vso[");
  tl.command("task.logissue", { type, code }, `${code} ${safe}`);
}

/** What the agent's log shows in green, yellow and red (learn.microsoft.com, "Logging commands", formatting commands). */
const formats: Readonly<Record<LineColor, string>> = { good: "section", warning: "warning", wrong: "error" };

/** @param canceled aborted when the agent asks this process to end */
export function taskHost(cancelled: AbortSignal): TaskHost {
  return {
    cancelled,
    info: (line, color) => print(color === undefined ? line : `##[${formats[color]}]${line}`),
    warning: (code, message) => issue("warning", code, message),
    error: (code, message) => issue("error", code, message),
    externalGroup(title, text) {
      print(`##[group]${title}`);
      print(contained(lastPart(text)));
      print("##[endgroup]");
    },
    // A step with a summary takes both there.
    summarize: () => undefined,
    replaces: () => undefined,
    progress: (percent, what) => tl.setProgress(percent, what),
    output: (name, value) => tl.setVariable(name, value, false, true),
    saveState: (state) => tl.setTaskVariable(stateVariable, state),
  };
}

/** What an earlier process of this step saved. */
export const savedState = () => tl.getTaskVariable(stateVariable);

/** The time that the services tell by their answers. */
export const time = systemTime();

/** Timers count to this many milliseconds; a longer one would fire at once. */
const longestTimerMs = 2 ** 31 - 1;

const timed = (ms: number) => Math.min(Math.max(0, ms), longestTimerMs);

export const clock: Clock = {
  now: () => performance.now(),
  date: () => time.now(),
  random: () => randomInt(2 ** 32) / 2 ** 32,
  after(ms, action) {
    const timer = setTimeout(action, timed(ms));
    return () => clearTimeout(timer);
  },
  async sleep(ms, signal) {
    try {
      await wait(timed(ms), undefined, signal ? { signal } : {});
    } catch {
      throw new Cancelled();
    }
  },
};

/**
 * Tells a failure once, with its code, and what to do.
 * @returns that the step is not good
 */
export function fail(host: TaskHost, error: unknown): false {
  if (error instanceof Cancelled) {
    host.info("EA900 Canceled: what this step created is being removed; its post-job step verifies that.");
    // task-lib writes "Canceled", which the agent refuses as no result at all (facts agent-protocol §9).
    tl.command("task.complete", { result: "Canceled" }, "");
    return false;
  }
  const explained = toTaskError(error);
  if (explained instanceof TaskError) host.error(explained.code, explained.message);
  else {
    host.error("EA999", new TaskError("EA999", reportOf(explained)).message);
    if (explained instanceof Error) tl.debug(explained.stack ?? "");
  }
  tl.setResult(tl.TaskResult.Failed, "");
  return false;
}

/** A failure as the summary tells it; undefined for a cancel, which is none. */
export function failureRecord(error: unknown): ErrorRecord | undefined {
  if (error instanceof Cancelled) return undefined;
  const explained = toTaskError(error);
  const told = explained instanceof TaskError ? explained : new TaskError("EA999", reportOf(explained));
  return errorOf(told.code, told.message);
}

/**
 * Ends the step as the action ended. What failed was told when it was known.
 * @returns whether the step is good
 */
export function end(host: TaskHost, outcome: Outcome): boolean {
  switch (outcome.result) {
    case "succeeded":
      tl.setResult(tl.TaskResult.Succeeded, "");
      return true;
    case "succeededWithIssues":
      host.warning(outcome.code, outcome.message);
      tl.setResult(tl.TaskResult.SucceededWithIssues, "");
      return true;
    case "failed":
      host.info(`Failed: ${outcome.message} (see above).`);
      tl.setResult(tl.TaskResult.Failed, "");
      return false;
  }
}

/** On Node 24 the API client's use of `url.parse` would print a deprecation into the user's log (facts §4). */
export function quiet(): void {
  process.noDeprecation = true;
}
