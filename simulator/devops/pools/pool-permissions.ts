// The route that tells a caller's permissions in a pool.
import type { Api } from "../api-routes.ts";
import type { PoolRole } from "../identity/identities.ts";
import { invalidArgument } from "../service-error.ts";
import { type Pools, roleIn } from "./pools.ts";

/** Bits of the security namespace `DistributedTask`, 101eae8c-1709-47f9-b228-0e476c35b3ba. */
const bits = { View: 1, Manage: 2, Listen: 4, AdministerPermissions: 8, Use: 16, Create: 32 } as const;

const everything = Object.values(bits).reduce((all, bit) => all | bit, 0);

const granted: Readonly<Record<PoolRole, number>> = {
  Administrator: everything,
  ServiceAccount: bits.View | bits.Listen,
  User: bits.View | bits.Use,
  Reader: bits.View,
};

/** Whether the caller has all of some permissions in a pool: `true` or `false`, and nothing around it. */
export function servePoolPermissions(api: Api, pools: Pools): void {
  api.route("GET", "_apis/distributedtask/pools/:poolId/permissions/:permissions", (request) => {
    const asked = Number(request.param("permissions"));
    if (!Number.isInteger(asked) || asked < 1 || (asked & ~everything) !== 0) {
      throw invalidArgument(`permissions must be made of the bits up to ${everything}.`);
    }
    const role = roleIn(pools.demand(request, "View"), request.caller);
    const has = role !== null && (granted[role] & asked) === asked;
    return { status: 200, headers: { "content-type": "application/json; charset=utf-8" }, body: String(has) };
  });
}
