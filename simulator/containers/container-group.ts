// A container group while it exists: deploys its container, and stops, restarts or deletes it.
import { setTimeout as delay } from "node:timers/promises";
import type { ContainerEngine } from "./container-engine.ts";
import { Deployment } from "./deployment.ts";
import type { Fate, GroupTimings } from "./deployment-outcome.ts";
import type { DeploymentPlan } from "./deployment-plan.ts";
import type { EventDisplay } from "./event-visibility.ts";
import type { ContainerView } from "./instance-view.ts";
import type { GroupState, ProvisioningState } from "./visible-state.ts";

export interface ContainerGroupSetting {
  readonly engine: ContainerEngine;
  /** What a deployment takes, asked for each. */
  timings(plan: DeploymentPlan): GroupTimings;
  /** When a deployment's events are shown, asked for each. */
  events(fate: Fate): EventDisplay;
}

/** Whether a deployment makes the group's container anew, or restarts the one that is there. */
type Redeployment = "anew" | "restart";

const underWay: ReadonlySet<ProvisioningState> = new Set<ProvisioningState>(["Pending", "Creating", "Updating"]);

/** A group from its first deployment to its deletion. */
export class ContainerGroup {
  readonly id: string;
  readonly #setting: ContainerGroupSetting;
  readonly #listeners = new Set<() => void>();
  #plan: DeploymentPlan;
  #deployment: Deployment;
  #timings: GroupTimings;
  #stopped = false;
  #phase: "there" | "changing" | "deleting" | "gone" = "there";

  constructor(plan: DeploymentPlan, fate: Fate, setting: ContainerGroupSetting) {
    this.id = plan.container.id;
    this.#plan = plan;
    this.#setting = setting;
    this.#timings = setting.timings(plan);
    this.#deployment = this.#deploy(fate, "anew");
  }

  /** The latest deployment. */
  get deployment(): Deployment {
    return this.#deployment;
  }

  get state(): GroupState {
    return this.#stopped ? "Stopped" : this.#deployment.state;
  }

  /** True while the service answers 409 `ContainerGroupTransitioning` to a change. */
  get transitioning(): boolean {
    const { provisioningState } = this.#deployment;
    return this.#phase !== "there" || (!this.#stopped && underWay.has(provisioningState));
  }

  get deleting(): boolean {
    return this.#phase === "deleting" || this.#phase === "gone";
  }

  /** Resolves as soon as the condition holds. */
  when(condition: (group: ContainerGroup) => boolean): Promise<void> {
    return new Promise((resolve) => {
      const check = (): void => {
        if (!condition(this)) return;
        this.#listeners.delete(check);
        resolve();
      };
      this.#listeners.add(check);
      check();
    });
  }

  /**
   * Deploys afresh, by a new plan if one is given. What the container kept is lost (facts aci-azure-sdk §3.5); what it
   * showed is not.
   */
  async redeploy(fate: Fate, how: Redeployment = "anew", plan = this.#plan): Promise<Deployment> {
    await this.#change(async () => {
      this.#plan = plan;
      this.#stopped = false;
      this.#timings = this.#setting.timings(plan);
      this.#deployment = this.#deploy(fate, how, this.#deployment.view);
    });
    return this.#deployment;
  }

  /** Ends the container and gives its machine back. No effect on a group whose container has ended. */
  async stop(): Promise<void> {
    if (this.state === "Succeeded" || this.state === "Failed") return;
    await this.#change(async () => {
      this.#stopped = true;
      this.#deployment.showStopped();
    });
  }

  /** Ends the container at once and resolves when the group is gone. */
  async delete(): Promise<void> {
    this.#phase = "deleting";
    await this.#end();
    await delay(this.#timings.deleteMs);
    this.#phase = "gone";
    this.#changed();
  }

  async #change(change: () => Promise<void>): Promise<void> {
    this.#phase = "changing";
    await this.#end();
    // A deletion that came in between has the last word.
    if (this.deleting) return;
    await change();
    this.#phase = "there";
    this.#changed();
  }

  async #end(): Promise<void> {
    await this.#deployment.end();
    await this.#setting.engine.forget(this.id);
    this.#changed();
  }

  #deploy(fate: Fate, how: Redeployment, before?: ContainerView): Deployment {
    return new Deployment(this.#plan, fate, {
      engine: this.#setting.engine,
      timings: this.#timings,
      events: this.#setting.events(fate),
      restarts: how === "restart",
      ...(before && { before }),
      onChange: () => this.#changed(),
    });
  }

  #changed(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}
