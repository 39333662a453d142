// Role assignments: create, list, and delete.
import type { Directory } from "../../entra/directory.ts";
import type { SimResponse } from "../../http/https-site.ts";
import { armError } from "../arm-error.ts";
import { type JsonObject, objectOf } from "../json-body.ts";
import { isWithin, sameId } from "../resources/resource-id.ts";
import type { Access, StoredAssignment } from "./permission-check.ts";
import { changer } from "./role-author.ts";
import { assignableAt, type RoleDefinitions } from "./role-definitions.ts";

/** Role assignments as the service's clients make, list and delete them. */
export class RoleAssignments {
  readonly #access: Access;
  readonly #roles: RoleDefinitions;
  readonly #directory: Directory;

  constructor(access: Access, roles: RoleDefinitions, directory: Directory) {
    this.#access = access;
    this.#roles = roles;
    this.#directory = directory;
  }

  /** @throws Refused for a role or a principal that does not exist, or when the principal has the role there already. */
  put(scope: string, guid: string, body: JsonObject): SimResponse {
    const { roleDefinitionId, principalId } = objectOf(body.properties);
    const roleId = String(roleDefinitionId);
    const found = this.#roles.find(roleId.split("/").at(-1) ?? "");
    if (found === undefined || !(found.builtIn || assignableAt(found.role, scope))) {
      const message = `The specified role definition with ID '${roleId}' does not exist.`;
      throw armError(400, "RoleDefinitionDoesNotExist", message);
    }
    if (!this.#directory.list().some(({ objectId }) => objectId === principalId)) {
      const message = `Principal ${String(principalId)} does not exist in the directory ${this.#directory.tenantId}. Check that you have the correct principal ID. If you are creating this principal and then immediately assigning a role, this error might be related to a replication delay.`;
      throw armError(400, "PrincipalNotFound", message);
    }
    const { role } = found;
    const same = this.#access.of(String(principalId)).find((each) => each.role === role && sameId(each.scope, scope));
    if (same !== undefined) {
      const message = `The role assignment already exists. The ID of the existing role assignment is ${same.guid.replaceAll("-", "")}.`;
      throw armError(409, "RoleAssignmentExists", message);
    }
    this.#access.assign({ principalId: String(principalId), role, scope }, guid);
    // The answer of the PUT alone does not say who made it (recorded).
    const view = this.view(this.#require(guid));
    return { status: 201, body: { ...view, properties: { ...view.properties, createdBy: null } } };
  }

  /**
   * Those at, above and below the scope.
   * @param filter as clients send it: `atScope()`, `principalId eq '…'`, `assignedTo('…')`.
   * @throws Refused for a filter that is not known here.
   */
  list(scope: string, filter: string | null): object[] {
    const wanted = /^(?:atScope\(\)(?: and )?)?(?:principalId eq '([^']+)'|assignedTo\('([^']+)'\))?$/i.exec(
      filter ?? "",
    );
    if (wanted === null) throw armError(400, "InvalidFilter", `The filter '${filter}' is not known to the simulator.`);
    const principal = wanted[1] ?? wanted[2];
    const atScope = /^atScope\(\)/i.test(filter ?? "");
    return this.#access
      .list()
      .filter((each) => isWithin(scope, each.scope) || (!atScope && isWithin(each.scope, scope)))
      .filter((each) => principal === undefined || each.principalId === principal)
      .map((each) => this.view(each));
  }

  find(guid: string): StoredAssignment | undefined {
    return this.#access.list().find((each) => each.guid === guid.toLowerCase());
  }

  remove(guid: string): void {
    this.#access.remove(guid.toLowerCase());
  }

  view({ guid, principalId, role, scope, createdOn }: StoredAssignment) {
    const type = "Microsoft.Authorization/roleAssignments";
    return {
      id: `${scope}/providers/${type}/${guid}`,
      name: guid,
      type,
      properties: {
        roleDefinitionId: this.#roles.idOf(role),
        principalId,
        principalType: "ServicePrincipal",
        scope,
        condition: null,
        conditionVersion: null,
        createdOn,
        updatedOn: createdOn,
        createdBy: changer,
        updatedBy: changer,
        delegatedManagedIdentityResourceId: null,
        description: null,
      },
    };
  }

  #require(guid: string): StoredAssignment {
    const found = this.find(guid);
    if (found === undefined) throw new Error(`The role assignment ${guid} is not there.`);
    return found;
  }
}
