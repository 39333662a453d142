// Agent pools, and the roles that identities have in them.
import { randomUUID } from "node:crypto";
import type { Api, ApiRequest } from "../api-routes.ts";
import type { Credential, Identity, PoolRole } from "../identity/identities.ts";
import { identityReference } from "../identity/identity-reference.ts";
import { collection } from "../json-fields.ts";
import { accessDenied, poolNotFound } from "../service-error.ts";
import type { AgentPool, AgentRecord } from "./pool-state.ts";

type PoolPermission = "View" | "Listen" | "Manage";

const allowed: Readonly<Record<PoolPermission, readonly PoolRole[]>> = {
  View: ["Administrator", "User", "Reader", "ServiceAccount"],
  Listen: ["Administrator", "ServiceAccount"],
  Manage: ["Administrator"],
};

export class Pools {
  readonly #serverUrl: string;
  readonly #pools: AgentPool[] = [];
  #lastAgentId = 0;

  constructor(serverUrl: string) {
    this.#serverUrl = serverUrl;
  }

  add(name: string): AgentPool {
    const pool: AgentPool = {
      serverUrl: this.#serverUrl,
      id: this.#pools.length + 1,
      name,
      scope: randomUUID(),
      createdOn: new Date().toISOString(),
      autoUpdate: true,
      agents: new Map(),
      requests: [],
      roles: new Map(),
    };
    this.#pools.push(pool);
    return pool;
  }

  nextAgentId(): number {
    this.#lastAgentId += 1;
    return this.#lastAgentId;
  }

  all(): readonly AgentPool[] {
    return this.#pools;
  }

  named(name: string): AgentPool | undefined {
    return this.#pools.find((pool) => pool.name.toLowerCase() === name.toLowerCase());
  }

  /** The agent of an id anywhere in the organization. */
  agent(id: number): AgentRecord | undefined {
    return this.#pools.map((pool) => pool.agents.get(id)).find((agent) => agent !== undefined);
  }

  /**
   * The pool a request is about, for somebody who may do `permission` there.
   * @throws ServiceError 404 when there is none, 403 when the caller's role does not do.
   */
  demand(request: ApiRequest, permission: PoolPermission): AgentPool {
    const pool = this.of(request);
    if (!may(request.caller, pool, permission)) {
      throw accessDenied(request.caller.identity.displayName, permission);
    }
    return pool;
  }

  /** The pool a request is about, whoever asks. @throws ServiceError 404 when there is none. */
  of(request: ApiRequest): AgentPool {
    const id = request.param("poolId");
    const pool = this.#pools.find((each) => String(each.id) === id);
    if (pool === undefined) throw poolNotFound(id);
    return pool;
  }
}

/** What somebody is in a pool; `null` is nothing at all, and an agent is no more. */
export function roleIn(pool: AgentPool, { identity, poolRole }: Credential): PoolRole | null {
  if (identity.kind === "agent") return null;
  const own = pool.roles.get(identity.id);
  return poolRole === undefined ? (own === undefined ? "Administrator" : own) : poolRole;
}

export function may(caller: Credential, pool: AgentPool, permission: PoolPermission): boolean {
  const role = roleIn(pool, caller);
  return role !== null && allowed[permission].includes(role);
}

/** @param owner of every pool, who is also said to have made them. */
export function servePools(api: Api, pools: Pools, owner: Identity): void {
  api.route("GET", "_apis/distributedtask/pools", (request) => {
    // An empty name is none: some clients send every parameter that there is.
    const name = request.query("poolName")?.toLowerCase() || undefined;
    const type = request.query("poolType")?.toLowerCase();
    const manage = ["manage", "2"].includes(request.query("actionFilter")?.toLowerCase() ?? "");
    const seen = pools
      .all()
      .filter((pool) => may(request.caller, pool, manage ? "Manage" : "View"))
      .filter((pool) => name === undefined || pool.name.toLowerCase() === name)
      .filter(() => type === undefined || type === "automation" || type === "1");
    return { status: 200, body: collection(seen.map((pool) => poolView(pool, owner, true))) };
  });
  api.route("GET", "_apis/distributedtask/pools/:poolId", (request) => ({
    status: 200,
    body: poolView(pools.demand(request, "View"), owner, null),
  }));
}

/** @param autoSize what the service shows differs between a list and a single pool (recordings, devops: pools). */
function poolView(pool: AgentPool, owner: Identity, autoSize: true | null): object {
  const { id, name, scope, createdOn, autoUpdate, agents } = pool;
  const somebody = identityReference(owner, pool.serverUrl);
  return {
    createdOn,
    autoProvision: false,
    autoUpdate,
    autoSize,
    targetSize: null,
    agentCloudId: null,
    createdBy: somebody,
    owner: somebody,
    id,
    scope,
    name,
    isHosted: false,
    poolType: "automation",
    size: agents.size,
    isLegacy: false,
    options: "none",
  };
}
