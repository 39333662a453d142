// Properties that a service adds to a resource when it is first created.
import { type JsonObject, objectOf } from "../json-body.ts";
import type { Resource } from "../resources/resource.ts";
import { type ResourceType, requireLocation } from "../resources/resource-type.ts";

/** What a service adds to a resource once: as it was before, if it was there. */
export function added(before: Resource | undefined, add: JsonObject): JsonObject {
  const stays = Object.entries(objectOf(before?.properties)).filter(([name]) => name in add);
  return { ...add, ...Object.fromEntries(stays) };
}

/** Adds properties to what has a location; those that were added once stay, and what was asked for goes before. */
export function located(add: (resource: Resource) => JsonObject): NonNullable<ResourceType["complete"]> {
  return (resource, before) => {
    requireLocation(resource.location);
    return { properties: { ...added(before, add(resource)), ...objectOf(resource.properties) } };
  };
}

/** The objects of a list; none when it is no list. */
export const listOf = (value: unknown): JsonObject[] => (Array.isArray(value) ? value.map(objectOf) : []);
