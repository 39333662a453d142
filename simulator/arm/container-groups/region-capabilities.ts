// What a region offers for container groups, and how much of its quota is used.
import type { SimResponse } from "../../http/https-site.ts";
import type { ArmRequest, Gate } from "../request-authorization.ts";
import { regionName } from "../subscription/regions.ts";
import type { ContainerGroupStore } from "./container-group-store.ts";
import { mostCpu, mostMemoryInGB, type QuotaLimits, quotasIn } from "./creation/region-quota.ts";

const namespace = "Microsoft.ContainerInstance";

/** What a region has left for container groups, and what it offers (facts aci-azure-sdk §2.2, §3.3). */
export function serveLocations(gate: Gate, store: ContainerGroupStore, limits: QuotaLimits): void {
  const route = (what: string, handler: (location: string, request: ArmRequest) => SimResponse): void =>
    gate({
      method: "GET",
      template: `/subscriptions/:subscription/providers/${namespace}/locations/:location/${what}`,
      namespace,
      right: (request) => ({
        action: `${namespace}/locations/${what}/read`,
        scope: `/subscriptions/${request.param("subscription")}`,
      }),
      handler: (request) => handler(regionName(request.param("location"), `${namespace}/containerGroups`), request),
    });

  route("usages", (location, request) => {
    const there = store.list().map((stored) => stored.request);
    const value = quotasIn(location, there, limits).map(({ name, limit, usage }) => ({
      id: `/subscriptions/${request.param("subscription")}/providers/${namespace}/locations/${location}/usages/${name}`,
      unit: "Count",
      currentValue: usage,
      limit,
      name: { value: name, localizedValue: name.replace(/(?<=[a-z])(?=[A-Z])/g, " ") },
    }));
    return { status: 200, body: { value } };
  });
  route("capabilities", (location) => {
    const value = ["Public", "Private"].map((ipAddressType) => ({
      resourceType: "containerGroups",
      osType: "Linux",
      location,
      ipAddressType,
      gpu: "None",
      capabilities: { maxMemoryInGB: mostMemoryInGB, maxCpu: mostCpu, maxGpuCount: 0 },
    }));
    return { status: 200, body: { value } };
  });
}
