// A TaskHost in memory.
import { setMaxListeners } from "node:events";
import { type LedgerState, readLedger } from "../../EphemeralAgentTask/src/lifecycle/step/write-ahead-ledger.ts";
import type { LineColor, TaskHost } from "../../EphemeralAgentTask/src/ports.ts";

/** A TaskHost that remembers everything. */
export class MemoryTask implements TaskHost {
  readonly controller = new AbortController();
  readonly cancelled = this.controller.signal;

  constructor() {
    // Each wait of each agent hears it, as in the task.
    setMaxListeners(0, this.cancelled);
  }

  readonly lines: string[] = [];
  /** Of the lines that stand out. */
  readonly colors = new Map<string, LineColor>();
  readonly warnings: string[] = [];
  readonly errors: string[] = [];
  readonly outputs: Record<string, string> = {};
  readonly saved: string[] = [];
  readonly percents: number[] = [];

  info(line: string, color?: LineColor): void {
    this.lines.push(line);
    if (color !== undefined) this.colors.set(line, color);
  }
  warning(code: string, message: string): void {
    this.warnings.push(`${code} ${message}`);
  }
  error(code: string, message: string): void {
    this.errors.push(`${code} ${message}`);
  }
  externalGroup(title: string, text: string): void {
    this.lines.push(`[${title}]`, text);
  }
  summarize(): void {}
  replaces(): void {}
  progress(percent: number): void {
    this.percents.push(percent);
  }
  output(name: string, value: string): void {
    this.outputs[name] = value;
  }
  saveState(state: string): void {
    this.saved.push(state);
  }

  get log(): string {
    return this.lines.join("\n");
  }
  /** What the post-job step would still find to do. */
  get ledger(): LedgerState {
    return readLedger(this.saved.at(-1));
  }
  get open(): readonly string[] {
    return this.ledger.open;
  }
}
