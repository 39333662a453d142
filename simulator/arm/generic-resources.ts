import type { SimResponse } from "../http/site.ts";
import { notSimulated, resourceNotFound } from "./arm-error.ts";
import type { ArmRequest, Gate } from "./gate.ts";
import { type JsonObject, objectBody, objectOf } from "./json.ts";
import { regionName } from "./locations.ts";
import type { ResourceGroups } from "./resource-groups.ts";
import { parseResourceId } from "./resource-id.ts";
import { tagsOf } from "./tags.ts";

const template = "/subscriptions/:subscription/resourceGroups/:resourceGroup/providers/:namespace/:path*";

/** Types with routes of their own: what these lack is not known, rather than kept without a meaning. */
const simulated = /^(?:Microsoft\.ContainerInstance|Microsoft\.Network\/virtualNetworks)(?:\/|$)/i;

/**
 * Keeps resources of every type that has no routes of its own: what was PUT comes back, with what ARM adds. That is
 * enough for scripts that set things up (facts real-clients); what a resource would do is not simulated.
 */
export function serveGenericResources(gate: Gate, groups: ResourceGroups): void {
  const resources = new Map<string, JsonObject>();

  const route = (method: string, verb: string, handler: (request: ArmRequest, asked: Asked) => SimResponse): void =>
    gate({
      method,
      template,
      right: (request) => ({ action: `${ask(request).type}/${verb}`, scope: ask(request).id }),
      handler(request) {
        groups.require(request.param("resourceGroup"));
        const asked = ask(request);
        if (simulated.test(asked.type)) throw notSimulated(`${method} of ${asked.type}`);
        return handler(request, asked);
      },
    });

  route("GET", "read", (request, { id, type, name }) => {
    if (name === undefined) {
      const value = [...resources].filter(([key, { type: its }]) => {
        return key.startsWith(`${id.toLowerCase()}/`) && String(its).toLowerCase() === type.toLowerCase();
      });
      return { status: 200, body: { value: value.map(([, resource]) => resource) } };
    }
    const resource = resources.get(id.toLowerCase());
    if (resource === undefined) throw resourceNotFound(type, name, request.param("resourceGroup"));
    return { status: 200, body: resource };
  });
  route("PUT", "write", (request, { id, type, name }) => {
    if (name === undefined) throw resourceNotFound(type, "", request.param("resourceGroup"));
    const body = objectBody(request);
    const before = resources.get(id.toLowerCase());
    const resource = {
      ...body,
      id,
      name,
      type,
      ...(body.location === undefined ? {} : { location: regionName(body.location, type) }),
      ...(body.tags === undefined ? {} : { tags: tagsOf(body.tags) }),
      properties: { ...objectOf(body.properties), provisioningState: "Succeeded" },
    };
    resources.set(id.toLowerCase(), resource);
    // A client of storage accounts takes 200 only (facts real-clients).
    const created = before === undefined && type.toLowerCase() !== "microsoft.storage/storageaccounts";
    return { status: created ? 201 : 200, body: resource };
  });
  route("DELETE", "delete", (_, { id }) => ({ status: resources.delete(id.toLowerCase()) ? 200 : 204 }));

  groups.onDelete(async (id) => {
    for (const key of resources.keys()) if (key.startsWith(`${id.toLowerCase()}/`)) resources.delete(key);
  });
}

interface Asked {
  readonly id: string;
  readonly type: string;
  /** Undefined for a collection, whose path ends with a type. */
  readonly name: string | undefined;
}

function ask(request: ArmRequest): Asked {
  const id = request.url.pathname.replace(/\/+$/, "");
  const resource = parseResourceId(id);
  if (resource !== undefined) return { id, type: resource.type, name: resource.names.at(-1) };
  const collection = parseResourceId(`${id}/any`);
  const path = id.slice(0, id.lastIndexOf("/"));
  return { id: path, type: collection?.type ?? request.param("path"), name: undefined };
}
