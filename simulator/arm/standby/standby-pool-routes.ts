// Standby pools: their routes, as recorded 2024-03-19 to 2025-04-22.
import { randomBytes, randomUUID } from "node:crypto";
import type { SimResponse } from "../../http/https-site.ts";
import type { Pace } from "../../pace/service-pace.ts";
import { armError, resourceNotFound } from "../arm-error.ts";
import { objectBody, objectOf } from "../json-body.ts";
import type { ArmRequest, Gate } from "../request-authorization.ts";
import type { ResourceGroups } from "../resources/resource-groups.ts";
import type { Providers } from "../subscription/resource-providers.ts";
import type { Profiles } from "./container-group-profiles.ts";
import { poolType, poolView, readPool, runtimeView } from "./pool-body.ts";
import { typedRoutes } from "./resource-type-routes.ts";
import { type PoolContent, type PoolSetting, StandbyPool } from "./standby-pool.ts";

const namespace = "Microsoft.StandbyPool";
const inSubscription = `/subscriptions/:subscription/providers/${namespace}`;
const base = `/subscriptions/:subscription/resourceGroups/:resourceGroup/providers/${poolType}`;
const one = `${base}/:pool`;

/** What ARM adds where it asks the provider through its own hub. */
const throughHub = { "x-ms-providerhub-traffic": "True" };
const freshEtag = () => ({ etag: `"${randomUUID()}"` });

/** The pools there are, by id without regard to case. */
export class StandbyPools {
  readonly #pools = new Map<string, StandbyPool>();
  readonly #setting: (id: string) => PoolSetting;

  /** @param setting of the pool of an id */
  constructor(setting: (id: string) => PoolSetting) {
    this.#setting = setting;
  }

  all(): StandbyPool[] {
    return [...this.#pools.values()];
  }

  get(id: string): StandbyPool | undefined {
    return this.#pools.get(id.toLowerCase());
  }

  put(id: string, name: string, content: PoolContent): StandbyPool {
    const before = this.get(id);
    before?.change(content);
    const pool = before ?? new StandbyPool(id, name, content, this.#setting(id));
    this.#pools.set(id.toLowerCase(), pool);
    return pool;
  }

  async delete(pool: StandbyPool): Promise<void> {
    this.#pools.delete(pool.id.toLowerCase());
    await pool.close();
  }

  async close(): Promise<void> {
    await Promise.all(this.all().map((pool) => this.delete(pool)));
  }
}

interface PoolRoutes {
  readonly pools: StandbyPools;
  readonly profiles: Profiles;
  readonly groups: ResourceGroups;
  readonly providers: Providers;
  /** How long answers take; no time when left out. */
  readonly pace?: Pace;
}

export function servePools(gate: Gate, { pools, profiles, groups, providers, pace }: PoolRoutes): void {
  const deletions = new Map<string, { readonly pool: string; readonly startTime: string; endTime?: string }>();
  const route = typedRoutes(gate, groups, {
    namespace,
    type: poolType,
    parameter: "pool",
    below: /\/runtimeViews.*$/i,
    pace,
    before: () => {
      providers.require(namespace);
    },
  });
  const found = (request: ArmRequest, id: string): StandbyPool => {
    const pool = pools.get(id);
    if (pool !== undefined) return pool;
    throw resourceNotFound(poolType, request.param("pool"), request.param("resourceGroup"));
  };
  const shown = (request: ArmRequest, pool: StandbyPool): SimResponse => {
    const headers = { ...throughHub, ...freshEtag() };
    return { status: 200, headers, body: poolView(pool, request.principal.appId) };
  };

  // 200 for a new one as well (recorded).
  const put = (request: ArmRequest, id: string): SimResponse => {
    const name = request.param("pool");
    return shown(request, pools.put(id, name, readPool(name, objectBody(request), profiles)));
  };
  route("PUT", one, "write", put, "poolPut");
  // Never recorded: what a PATCH names is changed, the rest stays.
  route("PATCH", one, "write", (request, id) => {
    const pool = found(request, id);
    const body = objectBody(request);
    const before = objectOf(poolView(pool, ""));
    const properties = { ...objectOf(before.properties), ...objectOf(body.properties) };
    const content = readPool(pool.name, { ...before, ...body, properties }, profiles);
    return shown(request, pools.put(id, pool.name, content));
  });
  route("GET", one, "read", (request, id) => shown(request, found(request, id)));
  route("GET", base, "read", (request, prefix) => {
    const value = pools.all().filter(({ id }) => id.toLowerCase().startsWith(prefix.toLowerCase()));
    return { status: 200, body: { value: value.map((pool) => poolView(pool, request.principal.appId)) } };
  });
  route("GET", `${one}/runtimeViews`, "runtimeViews/read", (request, id) => ({
    status: 200,
    headers: throughHub,
    body: { value: [runtimeView(found(request, id))] },
  }));
  route("GET", `${one}/runtimeViews/latest`, "runtimeViews/read", (request, id) => ({
    status: 200,
    headers: throughHub,
    body: runtimeView(found(request, id)),
  }));
  const remove = (request: ArmRequest, id: string): SimResponse => {
    const pool = pools.get(id);
    if (pool === undefined) return { status: 204 };
    const operation = `${randomUUID()}*${randomBytes(4).toString("hex").toUpperCase()}`;
    const deletion: { pool: string; startTime: string; endTime?: string } = {
      pool: pool.id,
      startTime: new Date().toISOString(),
    };
    deletions.set(operation, deletion);
    void pools.delete(pool).then(() => {
      deletion.endTime = new Date().toISOString();
    });
    return { status: 202, headers: addresses(request, pool.content.location, operation) };
  };
  route("DELETE", one, "delete", remove, "poolDelete");
  gate({
    method: "GET",
    template: `${inSubscription}/locations/:location/operationStatuses/:operation`,
    namespace,
    handler(request) {
      const name = request.param("operation");
      const deletion = deletions.get(name);
      if (deletion === undefined) throw armError(404, "ResourceNotFound", "The operation was not found.");
      const { pool, startTime, endTime } = deletion;
      const common = { id: request.url.pathname, name, resourceId: pool };
      if (endTime === undefined) {
        const headers = addresses(request, request.param("location"), name);
        return { status: 202, headers, body: { ...common, status: "Deleting", startTime } };
      }
      const headers = freshEtag();
      return { status: 200, headers, body: { ...common, status: "Succeeded", startTime, endTime, properties: null } };
    },
  });
  groups.onDelete(async (groupId) => {
    const inside = pools.all().filter(({ id }) => id.toLowerCase().startsWith(`${groupId.toLowerCase()}/`));
    await Promise.all(inside.map((pool) => pools.delete(pool)));
  });
}

function addresses({ url, params }: ArmRequest, location: string, operation: string): Record<string, string> {
  const place = `/subscriptions/${params.subscription}/providers/${namespace}/locations/${location.toUpperCase()}`;
  const version = url.searchParams.get("api-version") ?? "";
  const address = `${url.origin}${place}/operationStatuses/${operation}?api-version=${version}`;
  return { location: address, "azure-asyncoperation": address, ...freshEtag() };
}
