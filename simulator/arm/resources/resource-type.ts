// What a resource type does besides keeping what it was given.

import type { Refused } from "../../http/refused-request.ts";
import { armError } from "../arm-error.ts";
import { type JsonObject, objectOf } from "../json-body.ts";
import type { OperationStyle } from "../long-running/long-running-operation.ts";
import type { Resource } from "./resource.ts";

/** What a type does that is more than keeping what it was given. */
export interface ResourceType {
  /** In the letters that the service writes it in. */
  readonly name: string;
  /** How its provider tells of changes that go on after the answer; they are over at once when left out. */
  readonly operation?: OperationStyle;
  /** Headers of every answer about it. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Whether its properties have no `provisioningState`. */
  readonly stateless?: true;
  /** Whether a PUT that makes one names it in a `location` header. */
  readonly tellsLocation?: true;
  /** Whether it is everywhere: its location is `global`. */
  readonly isGlobal?: true;
  /** Properties that answers have only from an `api-version` on. */
  readonly since?: Readonly<Record<string, string>>;
  /** What the service adds to a resource; also refuses what it would refuse. */
  complete?(resource: Resource, before: Resource | undefined): JsonObject;
  /** @throws Refused when it cannot be deleted while there is what is within it */
  requireDeletable?(resource: Resource, within: readonly Resource[]): void;
  /** What is answered where there is none of that name; ARM's own words when left out. */
  notFound?(): Refused;
  /** How the answer to a PUT shows it. */
  written?(resource: Resource, before: Resource | undefined): Resource;
  /** How a reader sees it, with what is within it. */
  shown?(resource: Resource, within: readonly Resource[]): Resource;
  removed?(resource: Resource): void;
  /** Answers of `POST id/name`, by name. */
  readonly actions?: Readonly<Record<string, (resource: Resource) => JsonObject>>;
}

export type ResourceTypes = readonly ResourceType[];

export function typeNamed(types: ResourceTypes, name: string): ResourceType | undefined {
  return types.find((type) => type.name.toLowerCase() === name.toLowerCase());
}

/** A resource as answers of an `api-version` show it. */
export function inVersion(types: ResourceTypes, resource: Resource, version: string): Resource {
  const { since } = typeNamed(types, resource.type) ?? {};
  if (since === undefined) return resource;
  const shown = Object.entries(objectOf(resource.properties)).filter(([name]) => (since[name] ?? "") <= version);
  return { ...resource, properties: Object.fromEntries(shown) };
}

export function requireLocation(location: unknown): void {
  if (location !== undefined) return;
  throw armError(400, "LocationRequired", "The location property is required for this definition.");
}
