// The step of a cell that is struck, and those beside it that have a good network.
import { fileURLToPath } from "node:url";
import type { QueuedJob } from "../../../simulator/devops/jobs/job-queue.ts";
import { managedMachineEnvironment } from "../../../simulator/pipeline-runner/service-connections/project-connections.ts";
import { ownConnection } from "../cleanup/own-requests.ts";
import { type SimulatedStep, stepIn } from "../harness/in-simulator.ts";
import { type FinishedTask, runPostJob, runTask, type TaskRun } from "../harness/run-task.ts";
import type { Counted } from "../one-job/job-counter.ts";
import { type Cell, type Strikes, speed, strike } from "./cell.ts";
import { type Lane, until } from "./lane.ts";
import { ways } from "./ways.ts";

/** After which a step hangs, in milliseconds: by its timers, more than an hour. */
const limitMs = 240_000;

interface JobPlayed {
  readonly begun: number;
  readonly ended: number;
  /** `canceled` when it never began and the user gave up. */
  readonly result: string;
}

export interface Played {
  /** The stage that was struck. */
  readonly struck: TaskRun;
  /** Every other stage, all on a good network. */
  readonly others: readonly (readonly [what: string, run: TaskRun])[];
  readonly job: JobPlayed | undefined;
  readonly hits: number;
  readonly secrets: Readonly<Record<string, string>>;
}

const clock = fileURLToPath(new URL("fast-clock.cjs", import.meta.url));
let connections = 0;

export class Stage {
  readonly lane: Lane;
  readonly others: (readonly [string, TaskRun])[] = [];
  readonly #cell: Cell;
  readonly #connection: ReturnType<typeof ownConnection>;
  readonly #environment: Readonly<Record<string, string>>;
  #over: (() => void) | undefined;
  readonly #inputs: Readonly<Record<string, string>>;
  readonly secrets: Record<string, string> = {};

  constructor(lane: Lane, cell: Cell, environment: Readonly<Record<string, string>>) {
    this.lane = lane;
    this.#cell = cell;
    const { simulator } = lane;
    const { signsIn, inputs } = ways[cell.story] ?? {};
    this.#connection = ownConnection(simulator, `cell-${connections++}`, signsIn);
    this.#inputs = { azureSubscription: this.#connection.endpoints[0]?.id ?? "", ...inputs?.(simulator) };
    this.#environment = {
      NODE_EXTRA_CA_CERTS: simulator.caFile,
      NODE_OPTIONS: `--require=${clock}`,
      CLOCK_SPEED: String(speed),
      ...environment,
      ...(signsIn === "managed" ? managedMachineEnvironment(simulator) : {}),
    };
    const { serviceprincipalkey: secret } = this.#connection.endpoints[0]?.authorization.parameters ?? {};
    if (secret !== undefined) this.secrets["service principal's secret"] = secret;
    this.secrets["token of the organization"] = simulator.ready.pat;
  }

  step(action: string, more: Readonly<Record<string, string>> = {}, run?: SimulatedStep["run"]): SimulatedStep {
    const step = stepIn(
      this.lane.simulator,
      { action, ...this.#inputs, ...more },
      { endpoints: this.#connection.endpoints, environment: this.#environment, ...(run ? { run } : {}) },
    );
    this.secrets[`token of the job of ${action}`] = step.start.jobToken;
    return step;
  }

  /** What the story's way needs before its first step. */
  async prepare(): Promise<void> {
    this.#over = await ways[this.#cell.story]?.prepare?.(this.lane.simulator);
  }

  strike({ start }: SimulatedStep): Strikes {
    return strike(this.lane.simulator, this.#cell, { clientId: this.#connection.clientId, jobToken: start.jobToken });
  }

  /** Both stages on a good network. */
  async good(what: string, { start }: SimulatedStep): Promise<FinishedTask> {
    const main = await ended(start);
    this.others.push([what, main]);
    return main;
  }

  async postJob(main: FinishedTask): Promise<void> {
    this.#over?.();
    this.others.push(["post-job", await runPostJob(main)]);
  }
}

/** Runs a step to its end, or to that of everybody's patience. */
export function ended(start: SimulatedStep["start"], kill?: Promise<unknown>): Promise<FinishedTask> {
  const late = new Promise((resolve) => setTimeout(resolve, limitMs).unref());
  const signals = [late, ...(kill ? [kill] : [])].map((when) => ({ signal: "SIGKILL" as const, when }));
  return runTask({ ...start, signals });
}

/** Lets the job go on once the fault has struck or no longer will. */
export async function letGo(job: Counted, strikes: Strikes, over: () => boolean): Promise<void> {
  await until(() => job.begun().length > 0 || over(), limitMs);
  await until(() => strikes.hits > 0 || over(), 1_500);
  await until(over, 400);
  job.open();
}

/** How the job ended; one that never began is given up, as whoever sees that nothing serves it does. */
export async function outcomeOf(job: Counted, queued: QueuedJob): Promise<JobPlayed> {
  let result: string | undefined;
  void queued.outcome.then((outcome) => {
    result = outcome.result;
  });
  if (job.begun().length === 0) queued.cancel(0);
  await until(() => result !== undefined, 30_000);
  return { begun: job.begun().length, ended: job.ended().length, result: result ?? "never ended" };
}
