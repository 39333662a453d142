// Runs a built task as an agent does, one stage at a time, so that a test can look between them.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TimelineRecord } from "../../../simulator/devops/runs/timeline-record.ts";
import type { JobVariable, TaskResult } from "../../../simulator/job-execution/job/job-message.ts";
import type { RunJobOptions } from "../../../simulator/job-execution/job/job-options.ts";
import { beginJob, type JobState } from "../../../simulator/job-execution/job/job-state.ts";
import { runStep } from "../../../simulator/job-execution/steps/run-step.ts";
import { type PlannedStep, planSteps } from "../../../simulator/job-execution/steps/step-order.ts";
import { readTaskDefinition, type TaskStage } from "../../../simulator/job-execution/tasks/task-definition.ts";
import type { TaskState } from "../../../simulator/job-execution/tasks/task-environment.ts";
import { jobOf, type TaskStart } from "./task-job.ts";

export interface TaskRun {
  /** 128 + its number when a signal ended the process; undefined when it never started. */
  readonly exitCode: number | undefined;
  /** What the agent makes of it. */
  readonly result: TaskResult;
  readonly issues: readonly { readonly type: "error" | "warning"; readonly message: string; readonly code?: string }[];
  /** Output variables by their own name. */
  readonly outputs: Readonly<Record<string, JobVariable>>;
  readonly taskVariables: readonly TaskState[];
  /** As a user sees it: secrets masked, commands not shown. */
  readonly log: string;
  /** Everything the process wrote, secrets and commands included. Never print it. */
  readonly raw: string;
  readonly summaries: readonly string[];
  readonly progress: readonly { readonly percent: number; readonly operation: string }[];
}

/** What stays between the stages of one step. */
export interface FinishedTask extends TaskRun {
  readonly stages: Stages;
}

class Stages {
  readonly #start: TaskStart;
  readonly #job: JobState;
  readonly #steps: Promise<readonly PlannedStep[]>;
  readonly #canceled = new AbortController();
  #records: (Partial<TimelineRecord> & { id: string })[] = [];
  #lines: string[] = [];
  #raw: string[] = [];
  #summaries: string[] = [];
  #exitCode: number | undefined;
  #send: (signal: NodeJS.Signals) => void = () => undefined;

  constructor(start: TaskStart) {
    this.#start = start;
    this.#job = beginJob(jobOf(start), this.#options());
    this.#steps = planSteps(this.#job);
    const never = (): void => undefined;
    void start.cancelWhen?.then(() => this.#canceled.abort(), never);
    for (const { signal, when } of start.signals ?? []) void when.then(() => this.#send(signal), never);
  }

  async run(stage: TaskStage): Promise<TaskRun> {
    const planned = (await this.#steps).find((step) => step.stage === stage);
    if (planned === undefined) throw new Error(`The task has no ${stage}.`);
    [this.#records, this.#lines, this.#raw, this.#summaries, this.#exitCode] = [[], [], [], [], undefined];
    await runStep(this.#job, planned);
    const { refName } = planned.context.identity;
    const issues = this.#records.flatMap(({ issues: found }) => found ?? []).filter(distinct);
    return {
      exitCode: this.#exitCode,
      result: planned.context.result ?? "succeeded",
      issues: issues.map(({ type, message, data }) => ({ type, message, ...(data?.code ? { code: data.code } : {}) })),
      outputs: Object.fromEntries(
        Object.entries(this.#job.outputs).map(([name, value]) => [name.slice(refName.length + 1), value]),
      ),
      taskVariables: [...planned.context.taskVariables.values()],
      log: this.#lines.join("\n"),
      raw: this.#raw.join("\n"),
      summaries: this.#summaries,
      progress: this.#records.flatMap(({ percentComplete: percent, currentOperation: operation }) =>
        percent === undefined || operation === undefined ? [] : [{ percent, operation }],
      ),
    };
  }

  #options(): RunJobOptions {
    const { taskFolder, node, environment, onLine } = this.#start;
    return {
      workFolder: join(home(), "_work"),
      tasks: { [readTaskDefinition(taskFolder).name]: taskFolder },
      nodePath: node ?? process.execPath,
      environment: environment ?? {},
      machineName: "agent-machine",
      agentName: "agent-under-test",
      signal: this.#canceled.signal,
      retryDelayMs: () => 0,
      onRawLine: (line) => void this.#raw.push(line),
      onExit: (exitCode) => {
        this.#exitCode = exitCode;
        this.#send = () => undefined;
      },
      onProcess: (pid) => {
        this.#send = (signal) => {
          try {
            process.kill(pid, signal);
          } catch {
            // It has just ended, and nobody has heard of it yet.
          }
        };
      },
      reporter: {
        record: (patch) => void this.#records.push(patch),
        lines: (_, lines) => {
          this.#lines.push(...lines);
          for (const line of lines) onLine?.(line);
        },
        attach: (_, { type, content }) => {
          if (type === "Distributedtask.Core.Summary") this.#summaries.push(content);
        },
      },
    };
  }
}

/** A record repeats its issues whenever one is added. */
function distinct<Item>(item: Item, index: number, all: readonly Item[]): boolean {
  return all.indexOf(item) === index;
}

/** A folder for one agent, gone when the test process is. */
function home(): string {
  const folder = mkdtempSync(join(tmpdir(), "task-harness-"));
  homes.push(folder);
  return folder;
}

const homes: string[] = [];
process.once("exit", () => {
  for (const folder of homes) rmSync(folder, { recursive: true, force: true });
});

/** Runs the main stage of a task in an agent of its own. */
export async function runTask(start: TaskStart): Promise<FinishedTask> {
  const stages = new Stages(start);
  return { ...(await stages.run("execution")), stages };
}

/** Runs the post-job stage of the same step, with what its main stage left: on the same agent, as a real job would. */
export function runPostJob(previous: FinishedTask): Promise<TaskRun> {
  return previous.stages.run("postjobexecution");
}
