// One of many runs in the same pool and resource group: a shape of the samples, and how it ends.
import type { QueuedJob } from "../../../simulator/devops/jobs/job-queue.ts";
import type { Run } from "../../../simulator/devops/runs/runs.ts";
import type { Simulator } from "../../../simulator/start-simulator.ts";
import { nthRequest, ownConnection, type Who } from "../cleanup/own-requests.ts";
import { stepIn } from "../harness/in-simulator.ts";
import { type FinishedTask, runPostJob, runTask } from "../harness/run-task.ts";
import { type Counted, counted } from "../one-job/job-counter.ts";
import type { Shape } from "./sample-patterns.ts";

export type End =
  | { readonly kind: "lives" }
  /** At its nth request. Without its machine there is no post-job step and no job after it. */
  | { readonly kind: "killed"; readonly nth: number; readonly machine: "lives" | "lost" }
  | { readonly kind: "cancelled"; readonly nth: number };

export interface Plan {
  readonly shape: Shape;
  /** Agents, and jobs for them. */
  readonly count: number;
  readonly end: End;
}

interface Job {
  readonly counted: Counted;
  readonly queued: QueuedJob;
}

export class Member {
  readonly plan: Plan;
  readonly run: Run;
  /** The credentials of each of its steps. */
  readonly steps: Who[] = [];
  readonly jobs: Job[] = [];
  /** Logs of its steps, for a failure to be understood. */
  readonly logs: string[] = [];
  /** What became of the step that creates. */
  result: FinishedTask["result"] | undefined;
  readonly #simulator: Simulator;
  readonly #connection: ReturnType<typeof ownConnection>;
  readonly #node: string;

  constructor(simulator: Simulator, plan: Plan, node: string) {
    const { organization, ready } = simulator;
    this.plan = plan;
    this.#simulator = simulator;
    this.#node = node;
    this.run = organization.createRun({
      project: ready.project,
      definition: { id: 1, name: "deploy" },
      kind: "Build",
    });
    this.#connection = ownConnection(simulator, `run-${this.run.id}`);
  }

  /** From its first job to its last. */
  async live(): Promise<void> {
    const { shape, count, end } = this.plan;
    const parallel = shape === "parallel";
    const inputs = parallel
      ? { action: "run" }
      : { action: "create", ...(shape === "watched" ? { timeoutAgentOnline: "0" } : {}) };
    const making = this.#step({ ...inputs, agentCount: String(count) }, end);
    if (parallel) this.#queue(making.queueJob, "EphemeralAgent");
    const main = await making.ended;
    this.result = main.result;
    making.jobEnded(main.result === "succeeded" ? "succeeded" : "failed");
    const lost = end.kind === "killed" && end.machine === "lost";
    if (end.kind !== "lives" && !lost) this.logs.push((await runPostJob(main)).log);
    if (parallel) {
      // Whoever sees that nothing serves the jobs any more cancels them.
      if (main.result !== "succeeded") for (const { queued } of this.jobs) queued.cancel(0);
    } else if (!lost) await this.#deployAndRemove(making.queueJob, main);
    await Promise.all(this.jobs.map(({ queued }) => queued.outcome));
    this.run.complete(main.result === "succeeded" ? "succeeded" : "failed");
  }

  async #deployAndRemove(queueJob: ReturnType<typeof stepIn>["queueJob"], { result }: FinishedTask): Promise<void> {
    if (result === "succeeded") this.#queue(queueJob, `EphemeralAgent.Run -equals ${this.run.id}`);
    if (this.plan.shape === "sequential") await Promise.all(this.jobs.map(({ queued }) => queued.outcome));
    const removing = this.#step({ action: "remove" }, { kind: "lives" });
    const removed = await removing.ended;
    removing.jobEnded(removed.result === "succeeded" ? "succeeded" : "failed");
    if (removed.result !== "succeeded") this.result = removed.result;
  }

  #queue(queueJob: ReturnType<typeof stepIn>["queueJob"], demand: string): void {
    for (let index = 0; index < this.plan.count; index++) {
      const job = counted();
      this.jobs.push({ counted: job, queued: queueJob(job.script, [demand]) });
    }
  }

  #step(inputs: Readonly<Record<string, string>>, end: End) {
    const { clientId, endpoints } = this.#connection;
    const step = stepIn(this.#simulator, inputs, { run: this.run, endpoints, node: this.#node });
    const who = { clientId, jobToken: step.start.jobToken };
    this.steps.push(who);
    const when = end.kind === "lives" ? undefined : nthRequest(this.#simulator, who, end.nth);
    const ending =
      end.kind === "cancelled" && when
        ? { cancelWhen: when }
        : end.kind === "killed" && when
          ? { signals: [{ signal: "SIGKILL" as const, when }] }
          : {};
    const ended = runTask({ ...step.start, ...ending }).then((main) => {
      this.logs.push(main.log);
      return main;
    });
    return { ...step, ended };
  }
}
