// Lists all resources of a scope.
import { armError } from "../arm-error.ts";
import type { Access } from "../authorization/permission-check.ts";
import type { ArmRequest, Gate } from "../request-authorization.ts";
import { isWithin, sameId } from "./resource-id.ts";

/** What a list of all resources shows of one. */
interface ListedResource {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly location?: unknown;
  readonly tags?: unknown;
}

/** Serves lists of resources whatever their type, of which a reader sees those that it may read. */
export function serveResourceList(gate: Gate, access: Access, all: () => readonly ListedResource[]): void {
  const handler = ({ principal, url, params }: ArmRequest) => {
    const filter = url.searchParams.get("$filter") ?? "";
    const wanted = /^(?:resourceType eq '([^']+)'|resourceGroup eq '([^']+)')?$/i.exec(filter);
    if (wanted === null) throw armError(400, "InvalidFilter", `The filter '${filter}' is not known to the simulator.`);
    // The Azure CLI names the group in the filter rather than in the path.
    const groupName = params.resourceGroup ?? wanted[2];
    const group = groupName === undefined ? "" : `/resourceGroups/${groupName}`;
    const value = all()
      .filter(({ id }) => isWithin(id, `/subscriptions/${params.subscription}${group}`))
      .filter(({ type }) => wanted[1] === undefined || sameId(type, wanted[1]))
      .filter(({ id, type }) => access.allows(principal.objectId, `${type}/read`, id))
      .map(({ id, name, type, location, tags = {} }) => ({ id, name, type, location, tags }));
    return { status: 200, body: { value } };
  };
  gate({ method: "GET", template: "/subscriptions/:subscription/resources", handler });
  gate({ method: "GET", template: "/subscriptions/:subscription/resourceGroups/:resourceGroup/resources", handler });
}
