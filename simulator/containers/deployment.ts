import { setTimeout as delay } from "node:timers/promises";
import { ContainerLog } from "./container-log.ts";
import type { ContainerEngine, ContainerStart, RunningContainer } from "./engine.ts";
import { commandOf, type Fate, type GroupTimings } from "./fate.ts";
import { ContainerView, Events, type GroupEvent } from "./instance-view.ts";
import { type RestartRule, restartsAfter } from "./restart-rule.ts";

export type ProvisioningState = "Pending" | "Creating" | "Succeeded" | "Failed";
export type GroupState = "Pending" | "Running" | "Stopped" | "Succeeded" | "Failed";

export interface DeploymentPlan {
  readonly container: Omit<ContainerStart, "onOutput">;
  readonly location: string;
  readonly cpu: number;
  readonly memoryInGB: number;
  readonly restart: RestartRule;
}

export interface DeploymentSetting {
  readonly engine: ContainerEngine;
  readonly timings: GroupTimings;
  /** Called after every change that can be seen from outside. */
  onChange(): void;
}

const pullAttempts = 3;

/** One attempt to get a group's container running, and what the container did: states of facts aci-azure-sdk §3.4. */
export class Deployment {
  readonly startTime = new Date().toISOString();
  readonly #events = new Events();
  readonly #plan: DeploymentPlan;
  readonly #fate: Fate;
  readonly #setting: DeploymentSetting;
  readonly #ending = new AbortController();
  readonly #done: Promise<void>;
  #provisioningState: ProvisioningState = "Pending";
  #state: GroupState = "Pending";
  #view: ContainerView | undefined;
  #running: RunningContainer | undefined;
  #log = new ContainerLog();
  #restartDemanded = false;

  constructor(plan: DeploymentPlan, fate: Fate, setting: DeploymentSetting) {
    this.#plan = plan;
    this.#fate = fate;
    this.#setting = setting;
    this.#done = this.#deploy().catch((error: unknown) => {
      if (!this.#ending.signal.aborted) this.#failStart(error);
    });
  }

  get provisioningState(): ProvisioningState {
    return this.#provisioningState;
  }

  get state(): GroupState {
    return this.#state;
  }

  /** Undefined until a machine was found. */
  get view(): ContainerView | undefined {
    return this.#view;
  }

  /** What the container wrote; one that was restarted begins anew. */
  get log(): ContainerLog {
    return this.#log;
  }

  /** The running container, for tests that look into it. */
  get running(): RunningContainer | undefined {
    return this.#running;
  }

  /** Events of the group itself. */
  get groupEvents(): readonly GroupEvent[] {
    return this.#events.list();
  }

  /** All events, as the asynchronous operation lists them. */
  get events(): readonly GroupEvent[] {
    return [...this.#events.list(), ...(this.#view?.events.list() ?? [])];
  }

  /** Ends the container at once, without grace (facts aci-azure-sdk §3.5). Nothing changes afterwards. */
  async end(): Promise<void> {
    this.#ending.abort();
    await this.#running?.kill();
    await this.#done;
    this.#running = undefined;
  }

  /** Kills the container as if it had crashed; the restart policy decides what follows. */
  async crash(): Promise<void> {
    await this.#running?.kill();
  }

  /** Restarts the container whatever its policy, as maintenance of the platform may. */
  async restartByPlatform(): Promise<void> {
    this.#restartDemanded = this.#running !== undefined;
    this.#view?.events.add("Normal", "Killing", `Killing container with id ${this.#plan.container.id}.`);
    await this.#running?.kill();
  }

  async #deploy(): Promise<void> {
    const { timings } = this.#setting;
    await this.#pause(timings.pendingMs);
    if (this.#fate.kind === "no-capacity") return this.#fail(this.#noCapacity());
    this.#provisioningState = "Creating";
    this.#view = new ContainerView();
    if (!(await this.#pull(this.#view))) return this.#fail();
    if (this.#fate.kind === "never-starts") {
      await this.#pause(timings.provisioningTimeoutMs);
      return this.#fail();
    }
    await this.#pause(timings.startMs);
    await this.#start(this.#view);
    this.#provisioningState = "Succeeded";
    this.#setting.onChange();
    await this.#untilItStaysEnded(this.#view);
  }

  async #pull(view: ContainerView): Promise<boolean> {
    const { timings } = this.#setting;
    const image = `"${this.#plan.container.image.reference}"`;
    if (this.#fate.kind !== "pull-fails") {
      this.#happened(view, "Normal", "Pulling", `pulling image ${image}`);
      await this.#pause(timings.pullMs);
      this.#happened(view, "Normal", "Pulled", `Successfully pulled image ${image}`);
      return true;
    }
    const { reason = "unexpected EOF" } = this.#fate;
    for (let attempt = 0; attempt < pullAttempts; attempt += 1) {
      this.#happened(view, "Normal", "Pulling", `pulling image ${image}`);
      await this.#pause(timings.pullMs);
      this.#happened(view, "Warning", "Failed", `Failed to pull image ${image}: ${reason}`);
      this.#happened(view, "Normal", "BackOff", `Back-off pulling image ${image}`);
      await this.#pause(timings.pullRetryMs);
    }
    return false;
  }

  async #start(view: ContainerView): Promise<void> {
    const { engine } = this.#setting;
    const { container, cpu, memoryInGB } = this.#plan;
    const log = new ContainerLog();
    this.#log = log;
    const running = await engine.start({
      ...container,
      cpu,
      memoryInGB,
      command: commandOf(this.#fate) ?? container.command,
      onOutput: (text) => log.append(text),
    });
    this.#running = running;
    if (this.#ending.signal.aborted) {
      await running.kill();
      throw this.#ending.signal.reason;
    }
    view.running();
    this.#state = "Running";
    this.#happened(view, "Normal", "Started", "Started container");
  }

  async #untilItStaysEnded(view: ContainerView): Promise<void> {
    while (this.#running !== undefined) {
      const { exitCode } = await this.#running.exited;
      this.#running = undefined;
      if (this.#ending.signal.aborted) return;
      view.terminated(exitCode);
      this.#log.end();
      if (!this.#restarts(exitCode, view.restartCount)) {
        this.#state = exitCode === 0 ? "Succeeded" : "Failed";
        return this.#setting.onChange();
      }
      view.restarting();
      this.#happened(view, "Warning", "BackOff", "Back-off restarting failed container");
      await this.#pause(this.#setting.timings.restartMs);
      await this.#start(view);
    }
  }

  #restarts(exitCode: number, before: number): boolean {
    const demanded = this.#restartDemanded;
    this.#restartDemanded = false;
    return demanded || restartsAfter(this.#plan.restart, exitCode, before);
  }

  #noCapacity(): string {
    const { location, cpu, memoryInGB, container } = this.#plan;
    const network = container.subnetId === undefined ? "" : " virtual network";
    return `The requested resource is not available in the location '${location}' at this moment. Please retry with a different resource request or in another location. Resource requested: '${cpu}' CPU '${memoryInGB}' GB memory 'Linux' OS${network}`;
  }

  /** "Failed" only means "not running yet": the group stays as it is and has to be deleted (facts §0.2). */
  #fail(capacityMessage?: string): void {
    if (capacityMessage !== undefined) this.#events.add("Warning", "InsufficientCapacity.", capacityMessage);
    this.#provisioningState = "Failed";
    this.#setting.onChange();
  }

  #failStart(error: unknown): void {
    const message = error instanceof Error ? error.message : "unknown error";
    this.#events.add("Warning", "Failed", `Failed to start container: ${message}`);
    this.#fail();
  }

  #happened(view: ContainerView, type: GroupEvent["type"], name: string, message: string): void {
    view.events.add(type, name, message);
    this.#setting.onChange();
  }

  async #pause(milliseconds: number): Promise<void> {
    await delay(milliseconds, undefined, { signal: this.#ending.signal });
  }
}
