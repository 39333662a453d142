// Plans by which a pool's agents get maintenance jobs. Only their definitions are served: the jobs are the job queue's.
import type { Api } from "../api-routes.ts";
import { collection } from "../json-fields.ts";
import type { AgentPool } from "./pool-state.ts";
import type { Pools } from "./pools.ts";

/** When maintenance comes, as somebody set it in the pool's settings. */
export interface MaintenanceSetting {
  /** `Monday, Thursday`, or `all`: flags in their text form, as the service writes them. */
  readonly days: string;
  readonly startHours: number;
}

const settings = new WeakMap<AgentPool, MaintenanceSetting>();

/** Turns maintenance on, or off with undefined. */
export function setMaintenance(pool: AgentPool, setting: MaintenanceSetting | undefined): void {
  if (setting === undefined) settings.delete(pool);
  else settings.set(pool, setting);
}

/** Fields as the documentation of the API has them; what a new definition's numbers are is a guess. */
export function serveMaintenance(api: Api, pools: Pools): void {
  api.route("GET", "_apis/distributedtask/pools/:poolId/maintenancedefinitions", (request) => {
    const pool = pools.demand(request, "View");
    const setting = settings.get(pool);
    return { status: 200, body: collection(setting === undefined ? [] : [view(pool, setting)]) };
  });
}

const view = ({ id, name, scope }: AgentPool, { days, startHours }: MaintenanceSetting): object => ({
  id: 1,
  pool: { id, scope, name, isHosted: false, poolType: "automation", size: 0 },
  enabled: true,
  jobTimeoutInMinutes: 60,
  maxConcurrentAgentsPercentage: 25,
  options: { workingDirectoryExpirationInDays: 30 },
  retentionPolicy: { numberOfHistoryRecordsToKeep: 10 },
  scheduleSetting: { daysToBuild: days, scheduleJobId: null, startHours, startMinutes: 0, timeZoneId: "UTC" },
});
