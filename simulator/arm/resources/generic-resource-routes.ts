// Routes for resource types that have no routes of their own.
import type { SimResponse } from "../../http/https-site.ts";
import { notSimulated, resourceNotFound } from "../arm-error.ts";
import { objectBody } from "../json-body.ts";
import type { LongRunning } from "../long-running/long-running-operation.ts";
import { ResourceAnswers } from "../long-running/resource-answers.ts";
import type { ArmRequest, Gate } from "../request-authorization.ts";
import type { Resource } from "./resource.ts";
import type { ResourceGroups } from "./resource-groups.ts";
import { parseResourceId } from "./resource-id.ts";
import type { ResourceStore } from "./resource-store.ts";
import { inVersion, type ResourceTypes, typeNamed } from "./resource-type.ts";

const template = "/subscriptions/:subscription/resourceGroups/:resourceGroup/providers/:namespace/:path*";
const inSubscription = "/subscriptions/:subscription/providers/:namespace/:type";

/** Types with routes of their own: what these lack is not known, rather than kept without a meaning. */
const simulated =
  /^(?:Microsoft\.ContainerInstance|Microsoft\.StandbyPool|Microsoft\.Network\/virtualNetworks|Microsoft\.Authorization|Microsoft\.Resources)(?:\/|$)/i;

/**
 * Serves resources of every type that has no routes of its own: what was PUT comes back, with what ARM adds. That is
 * enough for scripts that set things up (facts real-clients); what a resource would do is not simulated.
 */
export function serveGenericResources(
  gate: Gate,
  groups: ResourceGroups,
  store: ResourceStore,
  types: ResourceTypes,
  operations: LongRunning,
): void {
  const answers = new ResourceAnswers(types, operations);
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
  const found = (request: ArmRequest, { id, type, name }: Asked): Resource => {
    const resource = store.get(id);
    if (resource !== undefined) return resource;
    const missing = typeNamed(types, type)?.notFound?.();
    throw missing ?? resourceNotFound(type, name ?? "", request.param("resourceGroup"));
  };

  const asAsked = ({ url }: ArmRequest, resource: Resource): Resource =>
    inVersion(types, resource, url.searchParams.get("api-version") ?? "");
  route("GET", "read", (request, asked) => {
    if (asked.name !== undefined) return answers.read(asAsked(request, store.shown(found(request, asked))));
    const value = store.list(asked.id, asked.type).map((each) => asAsked(request, store.shown(each)));
    return answers.list(asked.type, value);
  });
  route("PUT", "write", (request, { id, type, name }) => {
    if (name === undefined) throw resourceNotFound(type, "", request.param("resourceGroup"));
    const before = store.get(id);
    const after = store.put(id, objectBody(request));
    return answers.put(request, before && asAsked(request, before), asAsked(request, after));
  });
  route("PATCH", "write", (request, asked) => {
    return answers.read(store.patch(found(request, asked), objectBody(request)));
  });
  route("DELETE", "delete", (request, { id, type }) => {
    const before = store.get(id);
    store.delete(id);
    return answers.delete(request, type, before);
  });
  // `POST …/type/name/action`: its path looks like a collection's.
  gate({
    method: "POST",
    template,
    right(request) {
      const { id, name, verb } = action(request);
      return { action: `${parseResourceId(id)?.type ?? name}/${verb}/action`, scope: id };
    },
    handler(request) {
      const { id, verb } = action(request);
      const parsed = parseResourceId(id);
      const type = typeNamed(types, parsed?.type ?? "");
      const answer = Object.entries(type?.actions ?? {}).find(([name]) => name.toLowerCase() === verb.toLowerCase());
      if (answer === undefined) throw notSimulated(`${verb} of ${parsed?.type ?? id}`);
      const asked = { id, type: type?.name ?? "", name: parsed?.names.at(-1) };
      return { status: 200, headers: { ...type?.headers }, body: answer[1](found(request, asked)) };
    },
  });
  gate({
    method: "GET",
    template: inSubscription,
    right: (request) => ({
      action: `${request.param("namespace")}/${request.param("type")}/read`,
      scope: `/subscriptions/${request.param("subscription")}`,
    }),
    handler(request) {
      const type = `${request.param("namespace")}/${request.param("type")}`;
      if (simulated.test(type)) throw notSimulated(`GET of all ${type}`);
      return { status: 200, body: { value: store.list(`/subscriptions/${request.param("subscription")}`, type) } };
    },
  });
  gate({
    method: "POST",
    template: "/subscriptions/:subscription/providers/:namespace/checkNameAvailability",
    right: (request) => ({
      action: `${request.param("namespace")}/checknameavailability/read`,
      scope: `/subscriptions/${request.param("subscription")}`,
    }),
    handler(request) {
      const { name, type } = objectBody(request);
      const taken = store.list(`/subscriptions/${request.param("subscription")}`, String(type));
      const nameAvailable = !taken.some((resource) => resource.name.toLowerCase() === String(name).toLowerCase());
      const why = { reason: "AlreadyExists", message: `The name ${String(name)} is already in use.` };
      return { status: 200, body: { nameAvailable, ...(nameAvailable ? {} : why) } };
    },
  });
  groups.onDelete(async (id) => store.deleteWithin(id));
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

function action(request: ArmRequest): { readonly id: string; readonly name: string; readonly verb: string } {
  const path = request.url.pathname.replace(/\/+$/, "");
  const slash = path.lastIndexOf("/");
  return { id: path.slice(0, slash), name: request.param("path"), verb: path.slice(slash + 1) };
}
