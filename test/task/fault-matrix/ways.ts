// What the steps of a story have besides the usual inputs, and what is set up before the first of them.
import type { Simulator } from "../../../simulator/start-simulator.ts";
import { until } from "./lane.ts";
import type { RequestName, StoryName } from "./requests.ts";

interface Way {
  readonly inputs?: (simulator: Simulator) => Readonly<Record<string, string>>;
  /** How the step signs in to Azure; by a secret when it is left out. */
  readonly signsIn?: "federated" | "managed";
  /** @returns ends it, before the post-job step */
  prepare?(simulator: Simulator): Promise<() => void>;
  /** With which code the step fails on the best of networks. */
  readonly fails?: string;
  /** What a step can do without: it never fails, whatever these are answered, and says so by this code. */
  readonly spare?: { readonly requests: readonly RequestName[]; readonly code: string };
}

const nothing = (): void => undefined;

const fromStandbyPool: Way = {
  inputs: () => ({ standbyPool: "agents" }),
  async prepare(simulator) {
    const pool = simulator.standbyPool();
    if (!(await until(() => pool.count("Running") > 0, 60_000))) throw new Error("No agent waits in the standby pool.");
    return nothing;
  },
  spare: { requests: ["standby pool", "standby pool's profile", "claim"], code: "EA230" },
};

export const ways: Readonly<Partial<Record<StoryName, Way>>> = {
  "run from a standby pool": fromStandbyPool,
  "create from a standby pool": fromStandbyPool,
  "check of a standby pool": fromStandbyPool,
  "create by a federated connection": {
    inputs: ({ ready }) => ({ imageName: ready.privateImage, containerRegistry: "registry-federated" }),
    signsIn: "federated",
  },
  "create by a managed identity": { signsIn: "managed" },
  "create whose registration had no answer": {
    async prepare({ faults }) {
      const effect = { loseAnswer: true } as const;
      const lost = faults.add({ site: "devops", method: "POST", path: /\/agents(\?|$)/, times: 1, effect });
      return lost.remove;
    },
  },
  "create of a container that crashes": {
    inputs: () => ({ skipContainerDeletionOnError: "true" }),
    async prepare({ arm }) {
      const crashing = arm.inject("crashes-at-start", { times: 1 });
      return () => crashing.remove();
    },
    fails: "EA601",
  },
  "run in a pool that is not there": { inputs: () => ({ agentPool: "shop-agents" }), fails: "EA507" },
};
