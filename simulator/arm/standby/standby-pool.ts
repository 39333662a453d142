// A standby pool: keeps as many container groups ready as it was asked to.
import type { GroupState } from "../../containers/visible-state.ts";
import { Refused } from "../../http/refused-request.ts";
import type { StoredGroup } from "../container-groups/container-group-store.ts";

/** What a pool is asked to keep ready. */
export interface PoolContent {
  readonly location: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly zones: readonly string[] | undefined;
  readonly maxReadyCapacity: number;
  readonly profileId: string;
  readonly revision: number;
  readonly subnetId: string | undefined;
}

export interface PoolSetting {
  /** Makes one container group of the pool. @throws Refused when the service would refuse it */
  make(content: PoolContent): Promise<StoredGroup>;
  remove(member: StoredGroup): Promise<void>;
  /** Milliseconds that a degraded pool pauses before it makes another group; half a minute at the service (documented). */
  readonly pauseMs: number;
}

type MemberState = "Creating" | "Running" | "Deleting";

/** A standby pool: it keeps as many groups running as it is asked to, and gives them away. */
export class StandbyPool {
  readonly id: string;
  readonly name: string;
  readonly createdAt = new Date().toISOString();
  readonly #setting: PoolSetting;
  readonly #members = new Map<StoredGroup, MemberState>();
  readonly #listeners = new Set<() => void>();
  #content: PoolContent;
  /** Groups whose making has begun and that are not there yet. */
  #begun = 0;
  #closed = false;
  #pause: NodeJS.Timeout | undefined;

  constructor(id: string, name: string, content: PoolContent, setting: PoolSetting) {
    this.id = id;
    this.name = name;
    this.#content = content;
    this.#setting = setting;
    this.#refill();
  }

  get content(): PoolContent {
    return this.#content;
  }

  /** Members by what they are doing. */
  count(state: MemberState): number {
    const seen = [...this.#members.values()].filter((each) => each === state).length;
    return state === "Creating" ? seen + this.#begun : seen;
  }

  /** As recorded: `degraded` while fewer run than are asked for. */
  get isHealthy(): boolean {
    return this.count("Running") >= this.#content.maxReadyCapacity;
  }

  /** Resolves as soon as so many groups are ready. */
  ready(count: number): Promise<void> {
    return new Promise((resolve) => {
      const check = (): void => {
        if (this.count("Running") < count) return;
        this.#listeners.delete(check);
        resolve();
      };
      this.#listeners.add(check);
      check();
    });
  }

  /** Another size takes effect at once; another profile or subnet replaces every member (documented). */
  change(content: PoolContent): void {
    const drains = !isMadeAlike(this.#content, content);
    this.#content = content;
    const surplus = drains ? this.#members.size : this.#members.size + this.#begun - content.maxReadyCapacity;
    for (const member of [...this.#members.keys()].slice(0, Math.max(surplus, 0))) void this.#drop(member);
    this.#refill();
  }

  /** Gives away a member that runs, the oldest first, and makes another in its place; undefined when none runs. */
  take(): StoredGroup | undefined {
    const [taken] = [...this.#members].find(([{ group }, state]) => state === "Running" && isUp(group.state)) ?? [];
    if (taken === undefined) return undefined;
    this.#members.delete(taken);
    this.#refill();
    return taken;
  }

  /** Whether a group still waits in the pool. */
  has(member: StoredGroup): boolean {
    return this.#members.has(member);
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#pause);
    await Promise.all([...this.#members.keys()].map((member) => this.#drop(member)));
  }

  #refill(): void {
    if (this.#closed || this.#pause !== undefined) return;
    const live = [...this.#members.values()].filter((state) => state !== "Deleting").length + this.#begun;
    for (let missing = this.#content.maxReadyCapacity - live; missing > 0; missing -= 1) void this.#make();
  }

  async #make(): Promise<void> {
    this.#begun += 1;
    const content = this.#content;
    let member: StoredGroup;
    try {
      member = await this.#setting.make(content);
    } catch (error) {
      this.#begun -= 1;
      if (!(error instanceof Refused)) throw error;
      return this.#degrade();
    }
    this.#begun -= 1;
    this.#members.set(member, "Creating");
    const { group } = member;
    if (this.#closed || !isMadeAlike(content, this.#content)) return this.#drop(member);
    await group.when(({ deployment, deleting }) => deleting || isSettled(deployment.provisioningState));
    if (this.#members.get(member) !== "Creating") return;
    if (group.deployment.provisioningState === "Succeeded" && isUp(group.state)) {
      this.#members.set(member, "Running");
      this.#changed();
      await group.when(({ state, deleting }) => deleting || !isUp(state) || !this.#members.has(member));
    }
    if (!this.#members.has(member)) return;
    this.#degrade();
    await this.#drop(member);
  }

  async #drop(member: StoredGroup): Promise<void> {
    if (this.#members.get(member) === "Deleting") return;
    this.#members.set(member, "Deleting");
    if (!member.group.deleting) await this.#setting.remove(member);
    this.#members.delete(member);
    this.#changed();
    this.#refill();
  }

  /** Something is wrong with what the pool makes: it pauses. */
  #degrade(): void {
    if (this.#closed || this.#pause !== undefined) return;
    this.#pause = setTimeout(() => {
      this.#pause = undefined;
      this.#refill();
    }, this.#setting.pauseMs).unref();
  }

  #changed(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}

const isMadeAlike = (one: PoolContent, other: PoolContent): boolean =>
  one.revision === other.revision && one.profileId === other.profileId && one.subnetId === other.subnetId;
const isUp = (state: GroupState): boolean => state === "Running";
const isSettled = (state: string): boolean => state === "Succeeded" || state === "Failed";
