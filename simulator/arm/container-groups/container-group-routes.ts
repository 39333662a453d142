// The routes of container groups.
import type { SimResponse } from "../../http/https-site.ts";
import { pacedBy } from "../../pace/delayed-answers.ts";
import type { Pace } from "../../pace/service-pace.ts";
import { resourceNotFound } from "../arm-error.ts";
import { objectBody } from "../json-body.ts";
import type { ArmRequest, Gate } from "../request-authorization.ts";
import { tagsOf } from "../resources/tags.ts";
import type { ClaimSetting } from "../standby/claim.ts";
import type { RateLimiter } from "../throttling/create-rate-limit.ts";
import type { StoredGroup } from "./container-group-store.ts";
import { groupView } from "./container-group-view.ts";
import { readLogs } from "./container-logs.ts";
import { putGroup } from "./creation/put-container-group.ts";
import { containerGroupNotFound, transitioning } from "./request/group-errors.ts";
import { type } from "./request/group-request.ts";

interface RoutesSetting extends ClaimSetting {
  readonly deletions: RateLimiter;
  /** How long answers take; no time when left out. */
  readonly pace?: Pace;
}

const namespace = "Microsoft.ContainerInstance";
const inSubscription = `/subscriptions/:subscription/providers/${namespace}`;
const base = `/subscriptions/:subscription/resourceGroups/:resourceGroup/providers/${type}`;
const one = `${base}/:group`;

/** The operations on container groups that the simulator knows (facts aci-azure-sdk §2.2). */
export function serveContainerGroups(gate: Gate, subscriptionId: string, setting: RoutesSetting): void {
  const { store, resourceGroups, operations, pace } = setting;
  const paced = pacedBy(pace);
  const scopeOf = ({ url }: ArmRequest): string => url.pathname.replace(/\/(logs|start|stop|restart)?\/*$/i, "");
  const route = (
    method: string,
    template: string,
    action: string,
    handler: (request: ArmRequest) => SimResponse | Promise<SimResponse>,
  ): void => gate({ method, template, namespace, right: (request) => ({ action, scope: scopeOf(request) }), handler });

  const groupsIn = (request: ArmRequest): string =>
    `${resourceGroups.require(request.param("resourceGroup")).id}/providers/${type}/`;
  const find = (request: ArmRequest): StoredGroup | undefined => store.get(groupsIn(request) + request.param("group"));
  const found = (request: ArmRequest): StoredGroup => {
    const stored = find(request);
    if (stored !== undefined) return stored;
    const [name, group] = [request.param("group"), request.param("resourceGroup")];
    throw store.forgotten(groupsIn(request) + name)
      ? resourceNotFound(type, name, group)
      : containerGroupNotFound(name);
  };
  const list = (prefix: string): SimResponse => ({
    status: 200,
    // Lists show no instance view, however one asks (facts aci-azure-sdk §2.2).
    body: { value: store.list(prefix).map((stored) => groupView(stored, false)) },
  });
  const settled = (request: ArmRequest): StoredGroup => {
    const stored = found(request);
    if (stored.group.transitioning) throw transitioning(stored.request.name);
    return stored;
  };

  gate({
    method: "GET",
    template: `${inSubscription}/containerGroups`,
    namespace,
    right: (request) => ({ action: `${type}/read`, scope: `/subscriptions/${request.param("subscription")}` }),
    handler: paced("list", () => list(`/subscriptions/${subscriptionId}/`)),
  });
  gate({
    method: "GET",
    template: `${inSubscription}/locations/:location/operations/:operation`,
    namespace,
    // Its address is signed: whoever got it for a request of his may follow it, with no right besides.
    handler: paced("operation", (request) => operations.read(request)),
  });
  const read = (request: ArmRequest) => ({ status: 200, body: groupView(found(request), true) });
  const patch = (request: ArmRequest) => {
    const stored = store.tag(found(request), tagsOf(objectBody(request).tags));
    return { status: 200, body: groupView(stored, true) };
  };
  route(
    "GET",
    base,
    `${type}/read`,
    paced("list", (request) => list(groupsIn(request))),
  );
  route("GET", one, `${type}/read`, paced("read", read));
  route(
    "PUT",
    one,
    `${type}/write`,
    paced("put", (request) => putGroup(request, setting)),
  );
  route("PATCH", one, `${type}/write`, paced("patch", patch));
  route("DELETE", one, `${type}/delete`, async (request) => {
    const stored = find(request);
    if (stored === undefined) return { status: 204 };
    if (stored.group.deleting) throw transitioning(stored.request.name);
    const headers = setting.deletions.count();
    const body = groupView(stored, true);
    await store.delete(stored);
    return { status: 200, headers, body };
  });
  route("POST", `${one}/stop`, `${type}/stop/action`, async (request) => {
    await settled(request).group.stop();
    return { status: 204 };
  });
  route("POST", `${one}/start`, `${type}/start/action`, async (request) => {
    const { group, request: asked } = settled(request);
    if (group.state !== "Running") await group.redeploy(setting.conditions.fate(asked));
    return { status: 204 };
  });
  route("POST", `${one}/restart`, `${type}/restart/action`, async (request) => {
    const { id, group, request: asked } = settled(request);
    const deployment = await group.redeploy(setting.conditions.fate(asked), "restart");
    return { status: 204, headers: { "azure-asyncoperation": operations.start(id, deployment, asked.location) } };
  });
  const logs = (request: ArmRequest) => readLogs(found(request), request);
  route("GET", `${one}/containers/:container/logs`, `${type}/containers/logs/read`, paced("logs", logs));
  resourceGroups.onDelete(async (id) => {
    await Promise.all(store.list(`${id}/`).map((stored) => store.delete(stored)));
  });
}
