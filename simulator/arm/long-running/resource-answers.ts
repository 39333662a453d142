// How resource providers answer a change: at once, or with an operation to follow.
import type { SimResponse } from "../../http/https-site.ts";
import { objectOf } from "../json-body.ts";
import type { ArmRequest } from "../request-authorization.ts";
import type { Resource } from "../resources/resource.ts";
import { type ResourceType, type ResourceTypes, typeNamed } from "../resources/resource-type.ts";
import type { LongRunning } from "./long-running-operation.ts";

/** How the providers answer about resources: at once, or with an operation to follow (recorded 2021 to 2025). */
export class ResourceAnswers {
  readonly #types: ResourceTypes;
  readonly #operations: LongRunning;

  constructor(types: ResourceTypes, operations: LongRunning) {
    this.#types = types;
    this.#operations = operations;
  }

  read(resource: Resource): SimResponse {
    const type = typeNamed(this.#types, resource.type);
    return { status: 200, headers: { ...this.#headersOf(type), ...etagOf(resource) }, body: resource };
  }

  list(type: string, value: readonly Resource[]): SimResponse {
    return { status: 200, headers: this.#headersOf(typeNamed(this.#types, type)), body: { value } };
  }

  put(request: ArmRequest, before: Resource | undefined, after: Resource): SimResponse {
    const type = typeNamed(this.#types, after.type);
    const status = before === undefined ? 201 : 200;
    const headers = { ...this.#headersOf(type), ...etagOf(after, type) };
    const start = (): Record<string, string> => {
      const operation = type?.operation ?? "network";
      const place = { id: after.id, ...(typeof after.location === "string" && { location: after.location }) };
      return { ...headers, ...this.#operations.start(operation, request, place, () => ({ status: 200, body: after })) };
    };
    switch (type?.operation) {
      case "network":
        return {
          status,
          headers: start(),
          body: before && onlyTags(before, after) ? after : inState(after, "Updating"),
        };
      case "dns":
        return { status: 202, headers: start(), body: {} };
      case "registry":
        return before
          ? { status, headers, body: after }
          : { status, headers: start(), body: inState(after, "Creating") };
      case "storage":
        return before ? { status, headers, body: after } : { status: 202, headers: start() };
      default: {
        const location = status === 201 && type?.tellsLocation ? { location: after.id } : {};
        return { status, headers: { ...headers, ...location }, body: type?.written?.(after, before) ?? after };
      }
    }
  }

  delete(request: ArmRequest, typeName: string, before: Resource | undefined): SimResponse {
    const type = typeNamed(this.#types, typeName);
    const headers = this.#headersOf(type);
    if (before === undefined) return { status: 204, headers };
    if (type?.operation !== "network" && type?.operation !== "dns") return { status: 200, headers };
    const place = { id: before.id, ...(typeof before.location === "string" && { location: before.location }) };
    return { status: 202, headers: { ...headers, ...this.#operations.start(type.operation, request, place) } };
  }

  #headersOf(type: ResourceType | undefined): Record<string, string> {
    return { ...type?.headers, ...(type?.operation === "dns" ? this.#operations.dnsBudget() : {}) };
  }
}

/** @param type whose PUTs are answered with the tag in a header only if it shows less than a GET */
function etagOf({ etag }: Resource, type?: Partial<ResourceType>): Record<string, string> {
  const tells = type === undefined || type.written !== undefined;
  return tells && typeof etag === "string" ? { etag } : {};
}

const inState = (resource: Resource, provisioningState: string): Resource => ({
  ...resource,
  properties: { ...objectOf(resource.properties), provisioningState },
});

function onlyTags(before: Resource, after: Resource): boolean {
  // Parts of a resource have etags as well, and every PUT renews them.
  const rest = ({ tags: _, ...others }: Resource): string =>
    JSON.stringify(others, (name, value) => (name === "etag" ? undefined : value));
  return rest(before) === rest(after);
}
