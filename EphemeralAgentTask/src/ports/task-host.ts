// The agent machine that this task runs on: its log, its outputs and the cancel of the step.

import type { LineRecord } from "../report/step-record.ts";

/** How a line of the log stands out: a good end, something to look at, something that has to be fixed. */
export type LineColor = "good" | "warning" | "wrong";

export interface TaskHost {
  /** Aborted when the step is canceled or times out. */
  readonly cancelled: AbortSignal;
  info(line: string, color?: LineColor): void;
  warning(code: string, message: string): void;
  error(code: string, message: string): void;
  /** Lines of a sweep or a check, for the run's summary. */
  summarize(lines: readonly LineRecord[]): void;
  /** For the run's summary: an agent is about to be made in place of an earlier one. @param earlier name of that one */
  replaces(name: string, earlier: string): void;
  /** Text from outside, shown collapsed and never read as commands. */
  externalGroup(title: string, text: string): void;
  progress(percent: number, what: string): void;
  output(name: string, value: string): void;
  /** Kept for the post-job step of this task instance, even when this process is killed afterwards. */
  saveState(state: string): void;
}
