// Reads the body of a request for a standby pool.
import { armError, resourceNotFound } from "../arm-error.ts";
import { type JsonObject, objectOf } from "../json-body.ts";
import { parseResourceId } from "../resources/resource-id.ts";
import { tagsOf } from "../resources/tags.ts";
import { regionName } from "../subscription/regions.ts";
import { type Profiles, profileType } from "./container-group-profiles.ts";
import type { PoolContent, StandbyPool } from "./standby-pool.ts";

export const poolType = "Microsoft.StandbyPool/standbyContainerGroupPools";

/** Reads the body of a PUT. @throws Refused when the pool cannot be: the service's words for that nobody recorded */
export function readPool(name: string, body: JsonObject, profiles: Profiles): PoolContent {
  const properties = objectOf(body.properties);
  const { maxReadyCapacity, refillPolicy = "always" } = objectOf(properties.elasticityProfile);
  const { containerGroupProfile, subnetIds } = objectOf(properties.containerGroupProperties);
  const { id, revision } = objectOf(containerGroupProfile);
  const invalid = (message: string) => armError(400, "InvalidParameter", message);
  // The pattern of the documented schema.
  if (!/^[a-zA-Z0-9-]{3,24}$/.test(name)) throw invalid(`The pool name '${name}' is invalid.`);
  if (typeof maxReadyCapacity !== "number" || !(maxReadyCapacity >= 0 && maxReadyCapacity <= 2000)) {
    throw invalid("elasticityProfile.maxReadyCapacity must be a number from 0 to 2000.");
  }
  if (refillPolicy !== "always") throw invalid(`The refill policy '${String(refillPolicy)}' is not supported.`);
  if (typeof id !== "string" || (revision !== undefined && typeof revision !== "number")) {
    throw invalid("containerGroupProperties.containerGroupProfile must name a profile and its revision.");
  }
  const found = profiles.revision(id, revision);
  if (found === undefined) {
    const { names, resourceGroup } = parseResourceId(id) ?? { names: [id], resourceGroup: "" };
    throw resourceNotFound(profileType, names.join("/"), resourceGroup);
  }
  const [subnet] = Array.isArray(subnetIds) ? subnetIds.map(objectOf) : [];
  return {
    location: regionName(body.location, poolType),
    tags: tagsOf(body.tags),
    zones: Array.isArray(body.zones ?? properties.zones) ? ((body.zones ?? properties.zones) as string[]) : undefined,
    maxReadyCapacity,
    profileId: id,
    revision: found.revision,
    subnetId: typeof subnet?.id === "string" ? subnet.id : undefined,
  };
}

/** As recorded 2024-03-19 to 2025-04-22: the type in small letters. */
export function poolView({ id, name, content, createdAt }: StandbyPool, caller: string): object {
  const { location, tags, zones, maxReadyCapacity, profileId, revision, subnetId } = content;
  const by = { createdBy: caller, createdByType: "Application", createdAt };
  const modified = { lastModifiedBy: caller, lastModifiedByType: "Application", lastModifiedAt: createdAt };
  return {
    id,
    name,
    type: poolType.toLowerCase(),
    location,
    tags,
    systemData: { ...by, ...modified },
    properties: {
      elasticityProfile: { maxReadyCapacity, refillPolicy: "always" },
      containerGroupProperties: {
        containerGroupProfile: { id: profileId, revision },
        ...(subnetId === undefined ? {} : { subnetIds: [{ id: subnetId }] }),
      },
      ...(zones === undefined ? {} : { zones }),
      provisioningState: "Succeeded",
    },
  };
}

/** As recorded 2025-04-22; `healthy` is the documented other word. */
export function runtimeView(pool: StandbyPool): object {
  const instanceCountsByState = (["Deleting", "Running", "Creating"] as const).map((state) => ({
    state,
    count: pool.count(state),
  }));
  return {
    id: `${pool.id}/runtimeViews/latest`,
    name: "latest",
    type: `${poolType}/runtimeViews`,
    properties: {
      instanceCountSummary: [{ ...(pool.content.zones ? { zone: 1 } : {}), instanceCountsByState }],
      status: { code: pool.isHealthy ? "HealthState/healthy" : "HealthState/degraded" },
      provisioningState: "Succeeded",
    },
  };
}
