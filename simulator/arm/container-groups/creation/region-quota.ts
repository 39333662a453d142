// The quota of a region for container groups.
import { notAvailable, type Quota, quotaReached } from "../request/group-errors.ts";
import type { GroupRequest } from "../request/group-request.ts";

/** Limits of a region of the subscription (facts aci-azure-sdk §3.3). */
export interface QuotaLimits {
  readonly containerGroups: number;
  readonly standardCores: number;
}

export const defaultQuotaLimits: QuotaLimits = { containerGroups: 100, standardCores: 100 };

/** The largest container group that any region offers. */
export const mostCpu = 31;
export const mostMemoryInGB = 240;

/** What the groups of a region use of its quotas. */
export function quotasIn(
  location: string,
  groups: readonly GroupRequest[],
  limits: QuotaLimits,
): Omit<Quota, "requested">[] {
  const there = groups.filter((group) => group.location === location);
  const cores = there.reduce((sum, { container }) => sum + container.cpu, 0);
  return [
    { name: "ContainerGroups", limit: limits.containerGroups, usage: there.length },
    { name: "StandardCores", limit: limits.standardCores, usage: cores },
  ];
}

/**
 * @param others the groups that are there already, without the one asked for.
 * @throws Refused when there is no machine so large, or the quota does not reach.
 */
export function requireQuota(request: GroupRequest, others: readonly GroupRequest[], limits: QuotaLimits): void {
  const { location, container } = request;
  const { cpu, memoryInGB } = container;
  if (cpu > mostCpu || memoryInGB > mostMemoryInGB) throw notAvailable(location, cpu, memoryInGB);
  const exceeded = quotasIn(location, others, limits)
    .map((quota) => ({ ...quota, requested: quota.name === "ContainerGroups" ? 1 : cpu }))
    .find(({ limit, usage, requested }) => usage + requested > limit);
  if (exceeded !== undefined) throw quotaReached(location, exceeded);
}
