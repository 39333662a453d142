// Starts a worker process for each job and renews the job's lock.
import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import type { JobMessage, TaskResult } from "../../job-execution/job/job-message.ts";
import { messageOf } from "../client/organization-client.ts";
import { stamp } from "../diagnostic-log.ts";
import type { Behaviour } from "../injected-faults.ts";
import type { FromWorker, ToWorker } from "../listener-worker-messages.ts";
import { completeJob, endsByEvent, jobServer, persist } from "../worker/job-client.ts";
import { JobLock, lockToken } from "./job-lock.ts";
import type { QueueConnection } from "./message-polling.ts";

interface RunningJob {
  readonly message: JobMessage;
  readonly worker: ChildProcess;
  /** Resolves when the worker has ended and the service knows the result. */
  readonly done: Promise<void>;
}

interface DispatcherOptions {
  readonly once: boolean;
  readonly behaviour: Behaviour;
}

/** Runs jobs, each in a worker process of its own, and keeps their locks (facts agent-protocol §3.3 points 6 and 7). */
export class JobDispatcher {
  readonly #connection: QueueConnection;
  readonly #options: DispatcherOptions;
  #running: RunningJob | undefined;

  constructor(connection: QueueConnection, options: DispatcherOptions) {
    this.#connection = connection;
    this.#options = options;
  }

  get busy(): boolean {
    return this.#running !== undefined;
  }

  /** Starts a job. Resolves when it is over; never rejects. */
  run(message: JobMessage): Promise<void> {
    const { say, trace } = this.#connection;
    const over = this.#carryOut(message)
      .catch((error: unknown) => {
        trace(`The job could not be carried out: ${messageOf(error)}`);
        say(`${stamp()}: The job ${message.jobDisplayName} could not be carried out.`);
      })
      .finally(() => {
        this.#running = undefined;
      });
    return over;
  }

  /** Cancels the job; its worker is killed a minute after its time for that is over. */
  cancel(jobId: string, timeoutMs: number): void {
    const running = this.#running;
    if (running?.message.jobId !== jobId) return;
    tell(running.worker, { kind: "cancel" });
    const grace = Math.max(60_000, timeoutMs) + 60_000;
    setTimeout(() => running.worker.kill("SIGKILL"), grace * this.#connection.install.timeScale).unref();
  }

  /** Ends the job that is running because the agent ends (facts agent-protocol §2.5). */
  async shutdown(): Promise<void> {
    const running = this.#running;
    if (running === undefined) return;
    tell(running.worker, { kind: "shutdown" });
    await running.done;
  }

  async #carryOut(message: JobMessage): Promise<void> {
    const { say, install, settings } = this.#connection;
    const lock = new JobLock(this.#connection, message.requestId);
    if (!(await lock.take())) return;
    say(`${stamp()}: Running job: ${message.jobDisplayName}`);
    // By this name a watchdog tells that a job is running.
    const worker = spawn(process.execPath, [join(install.bin, "Agent.Worker.mjs"), "spawnclient"], {
      cwd: install.root,
      stdio: ["ignore", "inherit", "inherit", "ipc"],
    });
    const ended = this.#ended(worker);
    const done = ended.then((result) => this.#finish(message, result)).finally(() => lock.release());
    this.#running = { message, worker, done };
    tell(worker, {
      kind: "job",
      message,
      agentName: settings.agentName,
      agentId: settings.agentId,
      workFolder: join(install.root, settings.workFolder),
      once: this.#options.once,
    });
    void lock.keep(() => this.cancel(message.jobId, 0));
    await done;
  }

  /** How a job ends whose plan has no version, or an old one (facts agent-protocol §12). */
  async #finishRequest({ requestId }: JobMessage, result: TaskResult): Promise<void> {
    const { server, settings } = this.#connection;
    const values = { poolId: settings.poolId, requestId };
    const body = { requestId, finishTime: new Date().toISOString(), result };
    await persist(() => server.call("PATCH", "jobRequests", values, { query: { lockToken }, body }));
  }

  /** How the worker said the job ended; undefined when it died before. */
  #ended(worker: ChildProcess): Promise<TaskResult | undefined> {
    let result: TaskResult | undefined;
    worker.on("message", (told: FromWorker) => {
      if (told.kind === "completed") result = told.result;
      else if (this.#options.behaviour === "crash-during-job") crash(worker);
    });
    return new Promise((resolve) => {
      worker.once("error", () => resolve(undefined));
      worker.once("exit", () => resolve(result));
    });
  }

  async #finish(message: JobMessage, result: TaskResult | undefined): Promise<void> {
    const { say } = this.#connection;
    if (!endsByEvent(message)) await this.#finishRequest(message, result ?? "failed");
    else if (result === undefined) {
      // The listener speaks for a worker that died.
      await completeJob(jobServer(message), message, { result: "failed", agentShuttingDown: this.#options.once });
    }
    say(`${stamp()}: Job ${message.jobDisplayName} completed with result: ${capitalised(result ?? "failed")}`);
  }
}

function tell(worker: ChildProcess, what: ToWorker): void {
  if (worker.connected) worker.send(what);
}

/** Everything at once and without a word, as when the machine is lost. */
function crash(worker: ChildProcess): void {
  worker.kill("SIGKILL");
  process.kill(process.pid, "SIGKILL");
}

const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
