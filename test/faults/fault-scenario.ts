// Where a fault is played: the in-memory world, a step in it, and a log in which each entry has its time.
import { type ErrorCode, TaskError } from "../../EphemeralAgentTask/src/errors/catalog.ts";
import type { ServiceFault } from "../../EphemeralAgentTask/src/ports.ts";
import type { CreateSettings } from "../../EphemeralAgentTask/src/settings/settings.ts";
import { Scenario } from "../actions/in-memory-step.ts";
import { MemoryTask } from "../in-memory/memory-task-host.ts";
import type { VirtualClock } from "../in-memory/virtual-clock.ts";
import type { WireCall, Wires } from "./fault-answers.ts";

/** Which step is played, and what it has otherwise than the tests' settings. */
export interface StepChoice {
  readonly action?: "run" | "create";
  readonly settings?: Partial<CreateSettings>;
}

interface Entry {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly text: string;
}

/** Remembers when it was told what. */
class TimedTask extends MemoryTask {
  readonly told: Entry[] = [];
  readonly codes: string[] = [];

  constructor(readonly clock: VirtualClock) {
    super();
  }

  private note(text: string): void {
    this.told.push({ at: this.clock.now(), text });
  }
  override info(line: string): void {
    super.info(line);
    this.note(line);
  }
  override warning(code: string, message: string): void {
    super.warning(code, message);
    this.note(`${code} ${message}`);
    this.codes.push(code);
  }
  override error(code: string, message: string): void {
    super.error(code, message);
    this.note(`${code} ${message}`);
    this.codes.push(code);
  }
}

export class Stage extends Scenario {
  readonly task = new TimedTask(this.clock);
  /** What the entry does before there is a step: looking for the pool. */
  before: () => Promise<void> = () => Promise.resolve();
  /** When the service showed the fault, in milliseconds since the epoch. */
  shownAt: number | undefined;

  constructor(readonly wire: Wires) {
    super();
  }

  shown(): void {
    this.shownAt ??= this.clock.now();
  }

  /** The sign comes so many milliseconds after the container was to be up. */
  shownAfterBoot(ms = 0): void {
    const { host, behaviour } = this.world;
    const { create } = host;
    host.create = (definition) => {
      this.clock.after(behaviour.bootMs + ms, () => this.shown());
      return create(definition);
    };
  }

  /** A job that the agent is for, queued as it should be. */
  deployJob(): void {
    this.world.placeholder();
    this.timeline({ deploy: "inProgress" });
    this.world.queue({ runId: "101" });
  }

  /** Refuses a call, or every call of a port, from so many milliseconds on. */
  refuse(call: WireCall | "pool.*", fault: ServiceFault, fromMs = 0): void {
    const [name, method] = call.split(".") as ["host" | "pool", string];
    const from = this.clock.now() + fromMs;
    const port: object = this.world[name];
    for (const [each, before] of Object.entries(port)) {
      if (typeof before !== "function" || (method !== "*" && each !== method)) continue;
      const judged = (...parameters: unknown[]): unknown => {
        if (this.clock.now() < from) return before(...parameters);
        this.shown();
        return Promise.reject(fault);
      };
      Object.assign(port, { [each]: judged });
    }
  }

  /** Plays the step to its end, which is told as the entries tell it. */
  async play({ action = "run", settings }: StepChoice): Promise<void> {
    const ready = await this.before().catch((thrown: unknown) => ({ thrown }));
    const end = ready ?? (await this.finish(this.step(action, settings, this.task)));
    if ("thrown" in end) {
      const { thrown } = end;
      if (thrown instanceof TaskError) this.task.error(thrown.code, thrown.message);
      else this.task.error("EA999", String(thrown));
    } else if (end.result === "succeededWithIssues") this.task.warning(end.code, end.message);
  }

  /** The first entry that names the code. */
  named(code: ErrorCode): Entry | undefined {
    return this.task.told.find(({ text }) => text.includes(`${code} `));
  }
}
