// What is visible of a deployment from outside.
import type { EventDisplay } from "./event-visibility.ts";
import { type ContainerView, Events, type GroupEvent } from "./instance-view.ts";

export type ProvisioningState = "Pending" | "Creating" | "Updating" | "Succeeded" | "Failed" | "Repairing";
export type GroupState = "Pending" | "Running" | "Stopped" | "Succeeded" | "Failed" | "Unknown";

/** What can be seen from outside of a deployment, which is less than what is so (recordings of 2021 to 2025). */
export class Shown {
  readonly #display: EventDisplay;
  readonly #before: ContainerView | undefined;
  readonly events = new Events();
  stage: ProvisioningState;
  /** What became of the container. */
  outcome: GroupState = "Running";
  container: ContainerView | undefined;

  /**
   * @param before the container that this deployment follows, if the group had one
   * @param restarts whether that one is only restarted: it is shown until the new one has come up
   */
  constructor(display: EventDisplay, before: ContainerView | undefined, restarts: boolean) {
    this.#display = display;
    this.#before = before;
    this.stage = restarts ? "Updating" : "Pending";
  }

  get isUnderWay(): boolean {
    return this.stage === "Pending" || this.stage === "Creating" || this.stage === "Updating";
  }

  get state(): GroupState {
    if (this.stage === "Updating") return "Running";
    if (this.stage === "Succeeded" || this.stage === "Repairing") return this.outcome;
    const runs = this.#display === "early" && this.container?.currentState.startTime !== undefined;
    return runs ? this.outcome : "Pending";
  }

  /** Nothing of the container until the group has come up or failed, unless all is shown early. */
  get view(): ContainerView | undefined {
    if (this.stage === "Updating") return this.#before;
    return this.isUnderWay && this.#display !== "early" ? undefined : this.container;
  }

  get groupEvents(): readonly GroupEvent[] {
    return this.#showsEvents ? this.events.list() : [];
  }

  get containerEvents(): readonly GroupEvent[] {
    return this.#showsEvents ? (this.view?.events.list() ?? []) : [];
  }

  get #showsEvents(): boolean {
    if (this.#display === "late") return !this.isUnderWay || this.stage === "Updating";
    return this.#display === "early";
  }
}
