// Keeps the resources of all types that have no store of their own.
import { type JsonObject, objectOf } from "../json-body.ts";
import { regionName } from "../subscription/regions.ts";
import type { Resource } from "./resource.ts";
import { parseResourceId, sameId } from "./resource-id.ts";
import { type ResourceTypes, typeNamed } from "./resource-type.ts";
import { tagsOf } from "./tags.ts";

/** Resources of every type that has no routes of its own, by id without regard to case. */
export class ResourceStore {
  readonly #resources = new Map<string, Resource>();
  readonly #types: ResourceTypes;

  constructor(types: ResourceTypes) {
    this.#types = types;
  }

  get(id: string): Resource | undefined {
    return this.#resources.get(id.toLowerCase());
  }

  all(): Resource[] {
    return [...this.#resources.values()];
  }

  /** Those of a type, of whose ids `prefix` is the beginning. */
  list(prefix: string, type: string): Resource[] {
    const start = `${prefix.toLowerCase().replace(/\/+$/, "")}/`;
    return [...this.#resources.values()].filter(
      (resource) => resource.id.toLowerCase().startsWith(start) && sameId(resource.type, type),
    );
  }

  /**
   * Keeps a resource as a PUT with this body would: as it is, with what ARM and the type add.
   * @throws Refused when the type's service would refuse it.
   */
  put(id: string, body: JsonObject): Resource {
    const parsed = parseResourceId(id);
    if (parsed === undefined) throw new Error(`${id} is no id of a resource.`);
    const before = this.get(id);
    const own = typeNamed(this.#types, parsed.type);
    const type = own?.name ?? parsed.type;
    const base = {
      ...body,
      id: before?.id ?? id,
      name: before?.name ?? parsed.names.at(-1) ?? "",
      type: before?.type ?? type,
      ...(body.location === undefined ? {} : { location: own?.isGlobal ? "global" : regionName(body.location, type) }),
      ...(body.tags === undefined ? {} : { tags: tagsOf(body.tags) }),
    };
    const state = own?.stateless ? {} : { provisioningState: "Succeeded" };
    const properties = { ...objectOf(body.properties), ...state };
    const added = own?.complete?.({ ...base, properties }, before) ?? {};
    const resource = { ...base, ...added, properties: { ...properties, ...objectOf(added.properties) } };
    this.#resources.set(id.toLowerCase(), resource);
    return resource;
  }

  /** Changes what a PATCH names; properties and tags are merged one by one. */
  patch(before: Resource, body: JsonObject): Resource {
    const properties = { ...objectOf(before.properties), ...objectOf(body.properties) };
    const tags = body.tags === undefined ? {} : { tags: body.tags };
    return this.put(before.id, { ...before, ...body, ...tags, properties });
  }

  /** Those inside a resource, at whatever depth. */
  within(id: string): Resource[] {
    const start = `${id.toLowerCase()}/`;
    return this.all().filter((resource) => resource.id.toLowerCase().startsWith(start));
  }

  /** A resource as a reader sees it. */
  shown(resource: Resource): Resource {
    return typeNamed(this.#types, resource.type)?.shown?.(resource, this.within(resource.id)) ?? resource;
  }

  /** @throws Refused when the type's service would refuse it */
  delete(id: string): boolean {
    const resource = this.get(id);
    if (resource === undefined) return false;
    const type = typeNamed(this.#types, resource.type);
    type?.requireDeletable?.(resource, this.within(id));
    type?.removed?.(resource);
    // What is inside it goes with it.
    this.deleteWithin(id);
    return this.#resources.delete(id.toLowerCase());
  }

  /** Deletes the innermost first. */
  deleteWithin(id: string): void {
    const all = this.within(id).sort((one, other) => other.id.length - one.id.length);
    for (const resource of all) this.delete(resource.id);
  }
}
