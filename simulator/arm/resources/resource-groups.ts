// Resource groups: create, list, and delete, with everything that is in them.
import { randomUUID } from "node:crypto";
import type { SimResponse } from "../../http/https-site.ts";
import { armError, gatewayError } from "../arm-error.ts";
import type { Access } from "../authorization/permission-check.ts";
import { objectBody } from "../json-body.ts";
import type { ArmRequest, Gate } from "../request-authorization.ts";
import { regionName } from "../subscription/regions.ts";
import { tagsOf } from "./tags.ts";

interface ResourceGroup {
  readonly id: string;
  readonly name: string;
  readonly type: "Microsoft.Resources/resourceGroups";
  readonly location: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly properties: { readonly provisioningState: "Succeeded" };
}

export interface ResourceGroups {
  add(name: string, location: string, tags?: Readonly<Record<string, string>>): ResourceGroup;
  /** @throws Refused with 404 when there is none of that name. */
  require(name: string): ResourceGroup;
  /** Asks to be called with the id of a group that is being deleted, to delete what is in it. */
  onDelete(listener: (id: string) => Promise<void>): void;
}

const template = "/subscriptions/:subscription/resourceGroups/:resourceGroup";
const action = (verb: string): string => `Microsoft.Resources/subscriptions/resourceGroups/${verb}`;

export function serveResourceGroups(gate: Gate, access: Access, subscriptionId: string): ResourceGroups {
  const groups = new Map<string, ResourceGroup>();
  const listeners: ((id: string) => Promise<void>)[] = [];
  const right = (verb: string) => (request: ArmRequest) => ({
    action: action(verb),
    scope: `/subscriptions/${request.param("subscription")}/resourceGroups/${request.param("resourceGroup")}`,
  });

  const store: ResourceGroups = {
    add(name, location, tags = {}) {
      const id = `/subscriptions/${subscriptionId}/resourceGroups/${name}`;
      const properties = { provisioningState: "Succeeded" } as const;
      const group = { id, name, type: "Microsoft.Resources/resourceGroups", location, tags, properties } as const;
      groups.set(name.toLowerCase(), group);
      return group;
    },
    require(name) {
      const group = groups.get(name.toLowerCase());
      if (group !== undefined) return group;
      throw gatewayError(404, "ResourceGroupNotFound", `Resource group '${name}' could not be found.`);
    },
    onDelete: (listener) => void listeners.push(listener),
  };

  gate({
    method: "GET",
    template: "/subscriptions/:subscription/resourceGroups",
    handler: ({ principal }) => ({
      status: 200,
      // A list shows what its reader may read.
      body: { value: [...groups.values()].filter(({ id }) => access.allows(principal.objectId, action("read"), id)) },
    }),
  });
  gate({
    method: "GET",
    template,
    right: right("read"),
    handler: (request) => ({ status: 200, body: store.require(request.param("resourceGroup")) }),
  });
  gate({
    method: "HEAD",
    template,
    right: right("read"),
    handler: (request) =>
      groups.has(request.param("resourceGroup").toLowerCase())
        ? { status: 204 }
        : { status: 404, headers: { "x-ms-failure-cause": "gateway" } },
  });
  gate({ method: "PUT", template, right: right("write"), handler: (request) => put(request, groups, store) });
  gate({
    method: "PATCH",
    template,
    right: right("write"),
    handler(request) {
      const { name, location, tags } = store.require(request.param("resourceGroup"));
      const change = objectBody(request).tags;
      return { status: 200, body: store.add(name, location, change === undefined ? tags : tagsOf(change)) };
    },
  });
  const deletions = new Map<string, { readonly id: string; done: boolean }>();
  const deleteAll = async (id: string, name: string): Promise<void> => {
    for (const listener of listeners) await listener(id);
    groups.delete(name.toLowerCase());
  };
  const underWay = (request: ArmRequest, operation: string): SimResponse => {
    const path = `/subscriptions/${subscriptionId}/operationresults/${operation}?api-version=2021-04-01`;
    return { status: 202, headers: { location: request.url.origin + path, "retry-after": "1" } };
  };
  gate({
    method: "DELETE",
    template,
    right: right("delete"),
    handler(request) {
      const { id, name } = store.require(request.param("resourceGroup"));
      const [operation] = [...deletions].find(([, each]) => each.id === id && !each.done) ?? [];
      if (operation !== undefined) return underWay(request, operation);
      const deletion = { id, done: false };
      const started = randomUUID();
      deletions.set(started, deletion);
      void deleteAll(id, name).finally(() => {
        deletion.done = true;
      });
      return underWay(request, started);
    },
  });
  gate({
    method: "GET",
    template: "/subscriptions/:subscription/operationresults/:operation",
    handler(request) {
      const deletion = deletions.get(request.param("operation"));
      if (deletion !== undefined)
        return deletion.done ? { status: 200 } : underWay(request, request.param("operation"));
      throw armError(404, "ResourceNotFound", "The operation was not found.");
    },
  });
  return store;
}

function put(request: ArmRequest, groups: ReadonlyMap<string, ResourceGroup>, store: ResourceGroups): SimResponse {
  const name = request.param("resourceGroup");
  if (!/^[-\w.()]{0,89}[-\w()]$/.test(name)) {
    const message = `The provided resource group name '${name}' has these invalid characters or length. The name can only be a letter, digit, '-', '.', '(', ')' or '_'.`;
    throw armError(400, "InvalidResourceGroupName", message);
  }
  const body = objectBody(request);
  const location = regionName(body.location, "Microsoft.Resources/resourceGroups");
  const before = groups.get(name.toLowerCase());
  if (before !== undefined && before.location !== location) {
    const message = `Invalid resource group location '${location}'. The Resource group already exists in location '${before.location}'.`;
    throw armError(409, "InvalidResourceGroupLocation", message);
  }
  return {
    status: before === undefined ? 201 : 200,
    body: store.add(before?.name ?? name, location, tagsOf(body.tags)),
  };
}
