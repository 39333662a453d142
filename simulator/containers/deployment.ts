// One attempt to get the container of a group running.
import { setTimeout as delay } from "node:timers/promises";
import type { ContainerEngine, RunningContainer } from "./container-engine.ts";
import { ContainerLog } from "./container-log.ts";
import { commandOf, type Fate, type GroupTimings } from "./deployment-outcome.ts";
import type { DeploymentPlan } from "./deployment-plan.ts";
import type { EventDisplay } from "./event-visibility.ts";
import { ContainerView, type GroupEvent } from "./instance-view.ts";
import { pull } from "./pull-image.ts";
import { restartsAfter } from "./restart-policy.ts";
import { type GroupState, type ProvisioningState, Shown } from "./visible-state.ts";

interface DeploymentSetting {
  readonly engine: ContainerEngine;
  readonly timings: GroupTimings;
  readonly events: EventDisplay;
  /** The container that this deployment follows, if the group had one. */
  readonly before?: ContainerView;
  /** Whether that one is only restarted: the group is then `Updating`, and shows the old one until the new one runs. */
  readonly restarts?: boolean;
  /** Called after every change that can be seen from outside. */
  onChange(): void;
}

/** One attempt to get a group's container running, and what the container did: states of facts aci-azure-sdk §3.4. */
export class Deployment {
  readonly startTime = new Date().toISOString();
  readonly #shown: Shown;
  readonly #plan: DeploymentPlan;
  readonly #fate: Fate;
  readonly #setting: DeploymentSetting;
  readonly #ending = new AbortController();
  readonly #done: Promise<void>;
  #running: RunningContainer | undefined;
  #log = new ContainerLog();
  #restartDemanded = false;
  #endsHow: "with its exit code" | "without one" | "with its machine" = "with its exit code";

  constructor(plan: DeploymentPlan, fate: Fate, setting: DeploymentSetting) {
    this.#plan = plan;
    this.#fate = fate;
    this.#setting = setting;
    this.#shown = new Shown(setting.events, setting.before, setting.restarts ?? false);
    this.#done = this.#deploy().catch((error: unknown) => {
      if (!this.#ending.signal.aborted) this.#failStart(error);
    });
  }

  get provisioningState(): ProvisioningState {
    return this.#shown.stage;
  }

  get state(): GroupState {
    return this.#shown.state;
  }

  /** What is shown of the container. */
  get view(): ContainerView | undefined {
    return this.#shown.view;
  }

  /** What the container wrote; one that was restarted begins anew. */
  get log(): ContainerLog {
    return this.#log;
  }

  /** The running container, for tests that look into it. */
  get running(): RunningContainer | undefined {
    return this.#running;
  }

  /** Events of the group itself that are shown. */
  get groupEvents(): readonly GroupEvent[] {
    return this.#shown.groupEvents;
  }

  /** Events of its container that are shown. */
  get containerEvents(): readonly GroupEvent[] {
    return this.#shown.containerEvents;
  }

  /** All events that are shown, as the asynchronous operation lists them. */
  get events(): readonly GroupEvent[] {
    return [...this.groupEvents, ...this.containerEvents];
  }

  /** Ends the container at once, without grace (facts aci-azure-sdk §3.5). Nothing changes afterwards. */
  async end(): Promise<void> {
    this.#ending.abort();
    await this.#running?.kill();
    await this.#done;
    this.#running = undefined;
  }

  /** Shows the container, once ended, as one whose group was stopped. */
  showStopped(): void {
    this.#shown.container?.stopped();
    if (this.#shown.stage === "Repairing") this.#shown.stage = "Succeeded";
  }

  /** Kills the container as if it had crashed; the restart policy decides what follows. */
  async crash(): Promise<void> {
    await this.#running?.kill();
  }

  /** Ends the container as the service shows it at times: without an exit code (recorded 2021-03-29). */
  async endWithoutExitCode(): Promise<void> {
    this.#endsHow = "without one";
    await this.#running?.kill();
  }

  /** The platform loses the machine: the group is `Repairing`, its state `Unknown` (recorded 2021-03-29). */
  async loseMachine(): Promise<void> {
    this.#endsHow = "with its machine";
    await this.#running?.kill();
  }

  /** Restarts the container whatever its policy, as maintenance of the platform may. */
  async restartByPlatform(): Promise<void> {
    this.#restartDemanded = this.#running !== undefined;
    await this.#running?.kill();
  }

  async #deploy(): Promise<void> {
    const { timings, before } = this.#setting;
    await this.#pause(timings.pendingMs);
    if (this.#fate.kind === "no-capacity") return this.#fail(this.#noCapacity());
    if (this.#shown.stage === "Pending") this.#shown.stage = "Creating";
    const view = new ContainerView(before);
    this.#shown.container = view;
    this.#setting.onChange();
    const { reference: image } = this.#plan.container.image;
    const [fate, { onChange }] = [this.#fate, this.#setting];
    const pause = (milliseconds: number) => this.#pause(milliseconds);
    if (!(await pull(view, { image, fate, timings, pause, onChange }))) return this.#fail();
    if (this.#fate.kind === "never-starts") {
      if (this.#fate.reason !== undefined) this.#happened(view, "Warning", "Failed", this.#fate.reason);
      await this.#pause(timings.provisioningTimeoutMs);
      return this.#fail();
    }
    await this.#pause(timings.startMs);
    await this.#start(view);
    await Promise.all([this.#settle(), this.#untilItStaysEnded(view)]);
  }

  /** The service takes some seconds to notice that the container runs, even if it has ended by then. */
  async #settle(): Promise<void> {
    await this.#pause(this.#setting.timings.settleMs);
    // A machine that was lost meanwhile has the last word.
    if (this.#shown.isUnderWay) this.#shown.stage = "Succeeded";
    this.#setting.onChange();
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
      onOutput: (text) => {
        log.append(text);
        this.#plan.onOutput?.(text);
      },
    });
    this.#running = running;
    if (this.#ending.signal.aborted) {
      await running.kill();
      throw this.#ending.signal.reason;
    }
    view.running();
    this.#shown.outcome = "Running";
    this.#happened(view, "Normal", "Started", "Started container");
  }

  async #untilItStaysEnded(view: ContainerView): Promise<void> {
    while (this.#running !== undefined) {
      const { exitCode } = await this.#running.exited;
      this.#running = undefined;
      if (this.#ending.signal.aborted) return;
      if (this.#endsHow === "with its machine") return this.#lose(view);
      const codeless = this.#endsHow === "without one";
      view.terminated(codeless ? undefined : exitCode);
      view.events.add("Normal", "Killing", `Killing container with id ${this.#plan.container.id}.`);
      this.#log.end();
      // That such an ending is final is a guess: the restart policy asks for an exit code.
      if (codeless || !this.#restarts(exitCode, view.restartCount)) {
        this.#shown.outcome = exitCode === 0 ? "Succeeded" : "Failed";
        return this.#setting.onChange();
      }
      view.restarting();
      this.#happened(view, "Warning", "BackOff", "Back-off restarting failed container");
      await this.#pause(this.#setting.timings.restartMs);
      await this.#start(view);
    }
  }

  #lose(view: ContainerView): void {
    view.lost();
    this.#log = new ContainerLog();
    this.#shown.stage = "Repairing";
    this.#shown.outcome = "Unknown";
    this.#setting.onChange();
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
    if (capacityMessage !== undefined) this.#shown.events.add("Warning", "InsufficientCapacity.", capacityMessage);
    this.#shown.stage = "Failed";
    this.#setting.onChange();
  }

  #failStart(error: unknown): void {
    const message = error instanceof Error ? error.message : "unknown error";
    this.#shown.events.add("Warning", "Failed", `Failed to start container: ${message}`);
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
