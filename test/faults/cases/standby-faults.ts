// Faults of standby pools.
import type { StandbyState } from "../../in-memory/world-state.ts";
import type { Fault, Inject } from "../fault.ts";

const standbyPoolId =
  "/subscriptions/1/resourceGroups/rg/providers/Microsoft.StandbyPool/standbyContainerGroupPools/agents";

const pool =
  (state: Partial<StandbyState> | undefined): Inject =>
  (stage) => {
    stage.deployJob();
    stage.shown();
    stage.world.standby = state && { ready: 1, refillMs: 60_000, bootMs: 1_000, ...state };
  };

/** What is the matter with a standby pool: the step goes on without it. */
export const standbyFaults: readonly Fault[] = [
  {
    name: "an empty standby pool",
    inject: pool({ ready: 0 }),
    code: "EA230",
    cause: /^eph-101-\w+: standby pool 'agents': EA208 .*StandbyPoolReuseFailed/,
    settings: { standbyPoolId },
  },
  {
    name: "no such standby pool",
    inject: pool(undefined),
    code: "EA230",
    cause: /^standby pool 'agents': .*was not found/,
    settings: { standbyPoolId },
  },
  {
    name: "a standby pool whose containers end at once",
    inject: pool({ fate: "crashes" }),
    code: "EA230",
    cause: /^eph-101-\w+: standby pool 'agents': EA601 exit code 1/,
    settings: { standbyPoolId },
  },
  {
    name: "a standby pool of another image",
    inject: pool({ profile: { image: "contoso.azurecr.io/agent:0" } }),
    code: "EA231",
    cause: /^standby pool 'agents': imageName is 'contoso\.azurecr\.io\/agent:1', in the pool '\S+\/agent:0'\.$/,
    settings: { standbyPoolId },
  },
];
