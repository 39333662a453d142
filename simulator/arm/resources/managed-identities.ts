// User-assigned managed identities and their principals.
import type { Directory, ServicePrincipal } from "../../entra/directory.ts";
import type { UserAssignedIdentity } from "../../entra/metadata-service.ts";
import { type ResourceType, requireLocation } from "./resource-type.ts";

const userAssignedIdentities = "Microsoft.ManagedIdentity/userAssignedIdentities";

/** Managed identities and the principals of the tenant that they are. */
export class ManagedIdentities {
  readonly #directory: Directory;
  readonly #principals = new Map<string, ServicePrincipal>();

  constructor(directory: Directory) {
    this.#directory = directory;
  }

  /** The principal of a resource, made with it: of a user-assigned identity, or what a system assigned to something. */
  ensure(id: string, name: string): ServicePrincipal {
    const principal = this.#principals.get(id.toLowerCase()) ?? this.#directory.addManagedIdentity(name);
    this.#principals.set(id.toLowerCase(), principal);
    return principal;
  }

  find(id: string): ServicePrincipal | undefined {
    return this.#principals.get(id.toLowerCase());
  }

  /** Those of the ids that exist. */
  assigned(ids: readonly string[]): UserAssignedIdentity[] {
    return ids.flatMap((id) => {
      const principal = this.find(id);
      return principal === undefined ? [] : [{ id, principal }];
    });
  }

  remove(id: string): void {
    const principal = this.find(id);
    if (principal === undefined) return;
    this.#directory.remove(principal.appId);
    this.#principals.delete(id.toLowerCase());
  }

  /** The type by which they are made and removed. */
  get type(): ResourceType {
    return {
      name: userAssignedIdentities,
      stateless: true,
      tellsLocation: true,
      complete: ({ id, name, location, tags }) => {
        requireLocation(location);
        const { objectId: principalId, appId: clientId } = this.ensure(id, name);
        return { tags: tags ?? {}, properties: { tenantId: this.#directory.tenantId, principalId, clientId } };
      },
      removed: ({ id }) => this.remove(id),
    };
  }
}
