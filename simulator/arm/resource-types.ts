import { armError } from "./arm-error.ts";
import type { JsonObject } from "./json.ts";
import type { Resource } from "./resource-store.ts";

/** What a type does that is more than keeping what it was given. */
export interface ResourceType {
  /** In the letters that the service writes it in. */
  readonly name: string;
  /** Statuses of a PUT that creates; 201 when left out. */
  readonly created?: 200 | 202;
  /** Whether it is everywhere: its location is `global`. */
  readonly isGlobal?: true;
  /** What the service adds to a resource; also refuses what it would refuse. */
  complete?(resource: Resource, before: Resource | undefined): JsonObject;
  removed?(resource: Resource): void;
  /** Answers of `POST id/name`, by name. */
  readonly actions?: Readonly<Record<string, (resource: Resource) => JsonObject>>;
}

export type ResourceTypes = readonly ResourceType[];

export function typeNamed(types: ResourceTypes, name: string): ResourceType | undefined {
  return types.find((type) => type.name.toLowerCase() === name.toLowerCase());
}

export function requireLocation(location: unknown): void {
  if (location !== undefined) return;
  throw armError(400, "LocationRequired", "The location property is required for this definition.");
}
