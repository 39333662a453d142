import { setTimeout as delay } from "node:timers/promises";
import { Deployment, type DeploymentPlan, type GroupState } from "./deployment.ts";
import type { ContainerEngine } from "./engine.ts";
import type { Fate, GroupTimings } from "./fate.ts";

export interface ContainerGroupSetting {
  readonly engine: ContainerEngine;
  readonly timings: GroupTimings;
}

/** A group from its first deployment to its deletion. */
export class ContainerGroup {
  readonly id: string;
  readonly #setting: ContainerGroupSetting;
  readonly #listeners = new Set<() => void>();
  #plan: DeploymentPlan;
  #deployment: Deployment;
  #stopped = false;
  #phase: "there" | "changing" | "deleting" | "gone" = "there";

  constructor(plan: DeploymentPlan, fate: Fate, setting: ContainerGroupSetting) {
    this.id = plan.container.id;
    this.#plan = plan;
    this.#setting = setting;
    this.#deployment = this.#deploy(fate);
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
    return this.#phase !== "there" || (!this.#stopped && ["Pending", "Creating"].includes(provisioningState));
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

  /** Deploys afresh, by a new plan if one is given. What the container kept is lost (facts aci-azure-sdk §3.5). */
  async redeploy(fate: Fate, plan = this.#plan): Promise<Deployment> {
    await this.#change(async () => {
      this.#plan = plan;
      this.#stopped = false;
      this.#deployment = this.#deploy(fate);
    });
    return this.#deployment;
  }

  /** Ends the container and gives its machine back. No effect on a group whose container has ended. */
  async stop(): Promise<void> {
    if (this.state === "Succeeded" || this.state === "Failed") return;
    await this.#change(async () => {
      this.#stopped = true;
    });
  }

  /** Ends the container at once and resolves when the group is gone. */
  async delete(): Promise<void> {
    this.#phase = "deleting";
    await this.#end();
    await delay(this.#setting.timings.deleteMs);
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

  #deploy(fate: Fate): Deployment {
    return new Deployment(this.#plan, fate, { ...this.#setting, onChange: () => this.#changed() });
  }

  #changed(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}
