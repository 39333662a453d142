import { notAvailable, quotaReached } from "./refusals.ts";
import type { GroupRequest } from "./request.ts";

/** Limits of a region of the subscription (facts aci-azure-sdk §3.3). */
export interface QuotaLimits {
  readonly containerGroups: number;
  readonly standardCores: number;
}

export const defaultQuotaLimits: QuotaLimits = { containerGroups: 100, standardCores: 100 };

/** The largest container group that any region offers. */
const mostCpu = 31;
const mostMemoryInGB = 240;

/**
 * @param others the groups that are there already, without the one asked for.
 * @throws Refused when there is no machine so large, or the quota does not reach.
 */
export function requireQuota(request: GroupRequest, others: readonly GroupRequest[], limits: QuotaLimits): void {
  const { location, container } = request;
  const { cpu, memoryInGB } = container;
  if (cpu > mostCpu || memoryInGB > mostMemoryInGB) throw notAvailable(location, cpu, memoryInGB);
  const there = others.filter((other) => other.location === location);
  const quotas = [
    { name: "ContainerGroups", limit: limits.containerGroups, usage: there.length, requested: 1 },
    {
      name: "StandardCores",
      limit: limits.standardCores,
      usage: there.reduce((sum, other) => sum + other.container.cpu, 0),
      requested: cpu,
    },
  ] as const;
  const exceeded = quotas.find(({ limit, usage, requested }) => usage + requested > limit);
  if (exceeded !== undefined) throw quotaReached(location, exceeded);
}
