// Management locks, as `az lock` makes them (2016-09-01). They are kept and listed; nothing is locked by them.
import type { SimResponse } from "../../http/https-site.ts";
import { armError } from "../arm-error.ts";
import { isWithin } from "../resources/resource-id.ts";

const levels = ["CanNotDelete", "ReadOnly"];

interface Lock {
  readonly scope: string;
  readonly body: Readonly<Record<string, unknown>>;
}

export class Locks {
  readonly #locks = new Map<string, Lock>();

  /** One of them, or all that hold at a scope, above it or inside it. */
  get(scope: string, name: string | undefined): SimResponse {
    if (name === undefined) {
      const near = [...this.#locks.values()].filter(
        (lock) => isWithin(scope, lock.scope) || isWithin(lock.scope, scope),
      );
      return { status: 200, body: { value: near.map(({ body }) => body) } };
    }
    const found = this.#locks.get(idOf(scope, name).toLowerCase());
    if (found !== undefined) return { status: 200, body: found.body };
    throw armError(404, "LockNotFound", `The lock '${name}' could not be found.`);
  }

  put(scope: string, name: string, { properties }: Readonly<Record<string, unknown>>): SimResponse {
    const { level, notes } = (properties ?? {}) as { readonly level?: unknown; readonly notes?: unknown };
    if (typeof level !== "string" || !levels.includes(level))
      throw armError(400, "InvalidLockLevel", `The lock level '${String(level)}' is not one of ${levels.join(", ")}.`);
    const id = idOf(scope, name);
    const body = {
      id,
      name,
      type: "Microsoft.Authorization/locks",
      properties: { level, ...(notes ? { notes } : {}) },
    };
    const status = this.#locks.has(id.toLowerCase()) ? 200 : 201;
    this.#locks.set(id.toLowerCase(), { scope, body });
    return { status, body };
  }

  delete(scope: string, name: string): SimResponse {
    return { status: this.#locks.delete(idOf(scope, name).toLowerCase()) ? 200 : 204 };
  }
}

const idOf = (scope: string, name: string) => `${scope}/providers/Microsoft.Authorization/locks/${name}`;
