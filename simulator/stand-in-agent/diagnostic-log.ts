// Writes the diagnostic logs of the agent in `_diag`.
import { appendFileSync } from "node:fs";
import { join } from "node:path";

/** Writes lines into a log of the agent. */
export type Trace = (line: string) => void;

/** Begins `Agent_….log` or `Worker_….log`; a watchdog tells by the latter that a job has come. */
export function openTrace(folder: string, process: "Agent" | "Worker"): Trace {
  const started = new Date().toISOString();
  const file = join(folder, `${process}_${started.slice(0, 10).replaceAll("-", "")}-${time(started)}-utc.log`);
  appendFileSync(file, "");
  return (line) => appendFileSync(file, `[${stamp()} INFO ${process}] ${line}\n`);
}

/** The time as the agent prints it on the terminal. */
export const stamp = (): string => `${new Date().toISOString().slice(0, 19).replace("T", " ")}Z`;

const time = (iso: string): string => iso.slice(11, 19).replaceAll(":", "");
