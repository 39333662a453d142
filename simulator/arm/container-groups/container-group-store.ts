// Keeps the container groups of the simulator.
import { ContainerGroup, type ContainerGroupSetting } from "../../containers/container-group.ts";
import type { Deployment } from "../../containers/deployment.ts";
import type { Fate } from "../../containers/deployment-outcome.ts";
import type { DeploymentPlan } from "../../containers/deployment-plan.ts";
import type { Subnet } from "../network/subnet.ts";
import type { GroupView } from "./container-group-view.ts";

export interface StoredGroup extends GroupView {
  readonly subnet: Subnet | undefined;
}

/** Whom a group of a standby pool is given to. */
type Adoption = Pick<StoredGroup, "id" | "tags" | "identity"> & { readonly name: string };

/** A group that is about to be made or changed. */
type NewGroup = Omit<StoredGroup, "tags" | "group">;

/** The container groups there are, by id without regard to case. */
export class ContainerGroupStore {
  readonly #groups = new Map<string, StoredGroup>();
  readonly #setting: ContainerGroupSetting;
  /** Deleted groups, by id in lower case, until somebody has asked for them. */
  readonly #fresh = new Set<string>();
  readonly #deleted: (id: string) => Promise<void>;

  /** @param deleted told of every group that is gone. */
  constructor(setting: ContainerGroupSetting, deleted: (id: string) => Promise<void>) {
    this.#setting = setting;
    this.#deleted = deleted;
  }

  /** Groups whose id begins with the prefix, all when it is left out. */
  list(prefix = ""): StoredGroup[] {
    const start = prefix.toLowerCase();
    return [...this.#groups].filter(([id]) => id.startsWith(start)).map(([, stored]) => stored);
  }

  get(id: string): StoredGroup | undefined {
    return this.#groups.get(id.toLowerCase());
  }

  /** Whether ARM no longer asks the provider for a group that is not there; after a deletion it does once. */
  forgotten(id: string): boolean {
    return !this.#fresh.delete(id.toLowerCase());
  }

  create(made: NewGroup, plan: DeploymentPlan, fate: Fate): StoredGroup {
    const { id, request, subnet } = made;
    const stored = { ...made, tags: request.tags, group: new ContainerGroup(plan, fate, this.#setting) };
    subnet?.use(id);
    this.#groups.set(id.toLowerCase(), stored);
    return stored;
  }

  /** Deploys the group anew by a changed request. */
  async update(changed: StoredGroup, plan: DeploymentPlan, fate: Fate): Promise<Deployment> {
    this.#groups.set(changed.id.toLowerCase(), { ...changed, tags: changed.request.tags });
    return changed.group.redeploy(fate, "anew", plan);
  }

  tag(before: StoredGroup, tags: Readonly<Record<string, string>>): StoredGroup {
    const stored = { ...before, tags };
    this.#groups.set(before.id.toLowerCase(), stored);
    return stored;
  }

  /** Gives a group that waited in a standby pool its name, and to whoever claimed it. */
  adopt(member: StoredGroup, { id, name, tags, identity }: Adoption): StoredGroup {
    const { subnet, standby } = member;
    this.#groups.delete(member.id.toLowerCase());
    subnet?.release(member.id);
    subnet?.use(id);
    const stored = {
      ...{ ...member, id, tags, identity, request: { ...member.request, name, tags } },
      ...(standby && { standby: { ...standby, isFromPool: true } }),
    };
    this.#groups.set(id.toLowerCase(), stored);
    return stored;
  }

  /** Notes the config map that a group's container has now. */
  configure(before: StoredGroup, configMap: Readonly<Record<string, string>>): StoredGroup {
    const { request } = before;
    const stored = { ...before, request: { ...request, container: { ...request.container, configMap } } };
    this.#groups.set(before.id.toLowerCase(), stored);
    return stored;
  }

  async delete({ id, group, subnet }: StoredGroup): Promise<void> {
    await group.delete();
    subnet?.release(id);
    this.#groups.delete(id.toLowerCase());
    this.#fresh.add(id.toLowerCase());
    // Its metadata service is known by the id that it was made with.
    await this.#deleted(group.id);
    if (group.id !== id) await this.#deleted(id);
  }
}
