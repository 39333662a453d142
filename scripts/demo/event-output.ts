// Prints the events of a run as they happen.

import type { RunEvent } from "../../simulator/pipeline-runner/run/run-events.ts";
import type { RunReport } from "../../simulator/pipeline-runner/run/run-results.ts";
import { shortened } from "./stories.ts";
import { type Terminal, table } from "./terminal.ts";

const HEADING = /^##\[(section|command|error|warning|debug|group|endgroup)\](.*)$/;

/** A row of a table names its own state, and stays in its columns. */
const named = (kind: string, text: string): string => (/^[a-z]+ {2,}/.test(text) ? text : `${kind}: ${text}`);

/** Prints what happens in a run, each line with the time since its start and whose it is. */
export class RunDisplay {
  readonly #terminal: Terminal;
  readonly #started = Date.now();
  readonly #width: number;
  /** Jobs whose log is within a collapsed group. */
  readonly #inGroup = new Set<string>();
  /** Jobs whose log is within the header that the agent puts before a task: who wrote it, where to find help. */
  readonly #inHeader = new Set<string>();
  /** The step that a job has begun, until it says something: most steps after a job say nothing. */
  readonly #begun = new Map<string, string>();
  readonly #titles: ReadonlyMap<string, string>;

  /**
   * @param names everybody who will say something, so that the columns line up
   * @param titles of jobs, by name, where they have one
   */
  constructor(terminal: Terminal, names: readonly string[], titles: ReadonlyMap<string, string> = new Map()) {
    this.#terminal = terminal;
    this.#titles = titles;
    this.#width = Math.max(...names.map(({ length }) => length));
  }

  /** Seconds since the start, as a column. */
  #elapsed(): string {
    return `${((Date.now() - this.#started) / 1000).toFixed(1).padStart(6)}s`;
  }

  say(name: string, text: string): void {
    const { dim, ofName, line } = this.#terminal;
    line(`${dim(this.#elapsed())}  ${ofName(name)(name.padEnd(this.#width))}  ${shortened(text)}`);
  }

  event(event: RunEvent): void {
    const { bold } = this.#terminal;
    if (event.kind === "line") this.#line(event.job, event.line);
    else if (event.state === "queued") this.say(event.job, bold("queued"));
    else if (event.state === "running") {
      const title = this.#titles.get(event.job);
      this.#terminal.line("");
      this.say(event.job, bold(`${title === undefined ? "" : `${title}: `}running on ${event.agentName}`));
    } else this.say(event.job, this.#colour(event.result));
  }

  #line(job: string, line: string): void {
    const { bold, dim, red, yellow } = this.#terminal;
    const [, kind, text = ""] = HEADING.exec(line) ?? [];
    if (/^=+$/.test(line) && !this.#inHeader.delete(job)) this.#inHeader.add(job);
    if (this.#inHeader.has(job) || /^=+(?: Starting Command Output =+)?$/.test(line) || line.trim() === "") return;
    const [, step] = (kind === "section" && /^Starting: (.*)$/.exec(text)) || [];
    if (step !== undefined) this.#begun.set(job, step);
    else if (kind === "section" && text.startsWith("Finishing: ")) this.#begun.delete(job);
    if (step !== undefined || (kind === "section" && text.startsWith("Finishing: "))) return;
    const begun = this.#begun.get(job);
    if (begun !== undefined) this.say(job, bold(begun));
    this.#begun.delete(job);
    if (kind === "endgroup") this.#inGroup.delete(job);
    else if (kind === "group") {
      this.#inGroup.add(job);
      this.say(job, bold(`▸ ${text}`));
    } else if (kind === "error") this.say(job, red(named("error", text)));
    else if (kind === "warning") this.say(job, yellow(named("warning", text)));
    else if (kind === "section") this.say(job, dim(text));
    else this.say(job, this.#inGroup.has(job) ? dim(`  ${line}`) : kind === undefined ? line : dim(text));
  }

  #colour(result: string): string {
    const { green, red, yellow } = this.#terminal;
    const paint = result.trim() === "succeeded" ? green : result.trim() === "failed" ? red : yellow;
    return paint(result);
  }

  /** One row a job: how it ended, who ran it, and its first error. */
  results({ result, jobs }: RunReport): void {
    const { bold, line } = this.#terminal;
    const rows = Object.entries(jobs).map(([name, job]) => {
      const problem = job.issues.find(({ type }) => type === "error")?.message.split("\n")[0] ?? "";
      return [name, job.result, job.agentName ?? "–", problem.length > 100 ? `${problem.slice(0, 99)}…` : problem];
    });
    line("");
    for (const row of table([["job", "result", "agent", ""], ...rows], (cell, index, column) => {
      if (cell.trim() === "") return cell;
      if (index === 0) return bold(cell);
      return column === 1 ? this.#colour(cell) : cell;
    }))
      line(row);
    line("");
    line(`run ${this.#colour(result)} after ${((Date.now() - this.#started) / 1000).toFixed(1)} s`);
  }
}
