import { ContainerGroup, type ContainerGroupSetting } from "../../containers/container-group.ts";
import type { Deployment, DeploymentPlan } from "../../containers/deployment.ts";
import type { Fate } from "../../containers/fate.ts";
import type { Subnet } from "../subnet.ts";
import type { GroupRequest } from "./request.ts";
import type { GroupView } from "./view.ts";

export interface StoredGroup extends GroupView {
  readonly subnet: Subnet | undefined;
}

/** The container groups there are, by id without regard to case. */
export class ContainerGroupStore {
  readonly #groups = new Map<string, StoredGroup>();
  readonly #setting: ContainerGroupSetting;

  constructor(setting: ContainerGroupSetting) {
    this.#setting = setting;
  }

  /** Groups whose id begins with the prefix, all when it is left out. */
  list(prefix = ""): StoredGroup[] {
    const start = prefix.toLowerCase();
    return [...this.#groups].filter(([id]) => id.startsWith(start)).map(([, stored]) => stored);
  }

  get(id: string): StoredGroup | undefined {
    return this.#groups.get(id.toLowerCase());
  }

  create(id: string, request: GroupRequest, plan: DeploymentPlan, fate: Fate, subnet: Subnet | undefined): StoredGroup {
    const stored = { id, request, tags: request.tags, group: new ContainerGroup(plan, fate, this.#setting), subnet };
    subnet?.use(id);
    this.#groups.set(id.toLowerCase(), stored);
    return stored;
  }

  /** Deploys the group anew by a changed request. */
  async update(before: StoredGroup, request: GroupRequest, plan: DeploymentPlan, fate: Fate): Promise<Deployment> {
    this.#groups.set(before.id.toLowerCase(), { ...before, request, tags: request.tags });
    return before.group.redeploy(fate, plan);
  }

  tag(before: StoredGroup, tags: Readonly<Record<string, string>>): StoredGroup {
    const stored = { ...before, tags };
    this.#groups.set(before.id.toLowerCase(), stored);
    return stored;
  }

  async delete({ id, group, subnet }: StoredGroup): Promise<void> {
    await group.delete();
    subnet?.release(id);
    this.#groups.delete(id.toLowerCase());
  }
}
