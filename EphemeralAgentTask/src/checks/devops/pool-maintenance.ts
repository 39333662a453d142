// Checks the pool for maintenance jobs: an agent that is created for one job may get the maintenance job instead.

import { failed, type Look, unread } from "../check-context.ts";
import type { MaintenancePlan, PoolView } from "../check-ports.ts";
import { type Found, notChecked, ok, warning } from "../finding.ts";

/** `on Sunday at 03:00 (UTC), on 25 % of the agents at a time, for up to 60 min each`. */
function described({ days, startsAt, timeZone, timeoutMinutes, agentsPercent }: MaintenancePlan): string {
  const when = days.length > 0 ? `on ${days.join(", ")}` : "on no day of its own";
  const at = startsAt === undefined ? "" : ` at ${startsAt}${timeZone ? ` (${timeZone})` : ""}`;
  const share = agentsPercent === undefined ? "" : `, on ${agentsPercent} % of the agents at a time`;
  const long = timeoutMinutes === undefined ? "" : `, for up to ${timeoutMinutes} min each`;
  return `${when}${at}${share}${long}`;
}

/** @param url of the organization, with a slash at the end */
function judgeMaintenance(
  subject: string,
  { records }: PoolView,
  plans: readonly MaintenancePlan[],
  url: string,
): Found {
  const enabled = plans.filter((plan) => plan.enabled);
  if (enabled.length === 0) return ok(subject, "off");
  const page = `${url}_settings/agentpools?poolId=${records.id}&view=maintenance`;
  return warning(subject, {
    found: enabled.map(described).join("; "),
    cause:
      "Maintenance may take an agent before the job that it was made for. It cleans up work folders, of which agents made for one job leave none.",
    fix: `Organization settings > Agent pools > ${records.name} > Maintenance: switch it off, or set a time at which nothing is deployed (${page}).`,
  });
}

export async function checkMaintenance({ devops, read, settings }: Look, pool: PoolView): Promise<Found> {
  const subject = `maintenance of pool ${pool.records.name}`;
  const plans = await read("maintenance", () => devops.maintenance(pool.records.id));
  if (failed(plans)) return unread(subject, plans);
  if (plans !== undefined) return judgeMaintenance(subject, pool, plans, settings.devops.url);
  return notChecked(subject, "Azure DevOps does not show it to this token, and a run does not need to read it");
}
