// Role definitions: the built-in ones and those that users create.
import { randomUUID } from "node:crypto";
import { armError } from "../arm-error.ts";
import { type JsonObject, objectOf } from "../json-body.ts";
import { isWithin } from "../resources/resource-id.ts";
import { builtInRoles } from "./built-in-roles.ts";
import type { Access, RoleDefinition } from "./permission-check.ts";
import { changer } from "./role-author.ts";

interface StoredRole {
  /** The last part of its id. */
  readonly guid: string;
  readonly role: RoleDefinition;
  readonly builtIn: boolean;
  readonly createdOn?: string;
}

/** The roles there are: those of every subscription, and those that somebody made. */
export class RoleDefinitions {
  readonly #subscriptionId: string;
  readonly #access: Access;
  readonly #roles = new Map<string, StoredRole>();

  constructor(subscriptionId: string, access: Access) {
    this.#subscriptionId = subscriptionId;
    this.#access = access;
    for (const role of builtInRoles) this.#roles.set(role.guid, { guid: role.guid, role, builtIn: true });
  }

  /** Those that can be assigned at the scope. Roles that were assigned without being made first are made here. */
  at(scope: string): StoredRole[] {
    return this.#all().filter(({ role, builtIn }) => builtIn || assignableAt(role, scope));
  }

  /**
   * As `at`, in the service's form.
   * @param filter as clients send it: `roleName eq '…'`, `type eq '…'`, `atScopeAndBelow()`.
   * @throws Refused for a filter that is not known here.
   */
  list(scope: string, filter: string | null): object[] {
    const [, name, type] =
      /^(?:atScopeAndBelow\(\)|roleName eq '([^']+)'|type eq '([^']+)')?$/i.exec(filter ?? "") ?? [];
    if (filter && name === undefined && type === undefined && !/^atScopeAndBelow\(\)$/i.test(filter)) {
      throw armError(400, "InvalidFilter", `The filter '${filter}' is not known to the simulator.`);
    }
    return this.at(scope)
      .filter(({ role }) => name === undefined || role.Name === name)
      .filter(({ builtIn }) => type === undefined || (type === "BuiltInRole") === builtIn)
      .map((each) => this.view(each));
  }

  find(guid: string): StoredRole | undefined {
    return this.#all().find((each) => each.guid === guid.toLowerCase());
  }

  /** The stored form of a role. */
  of(role: RoleDefinition): StoredRole {
    const known = [...this.#roles.values()].find((each) => each.role === role);
    if (known !== undefined) return known;
    const stored = { guid: randomUUID(), role, builtIn: false, createdOn: new Date().toISOString() };
    this.#roles.set(stored.guid, stored);
    return stored;
  }

  /**
   * Makes or changes a custom role as a PUT with this body would.
   * @throws Refused when its name is another one's, it may be assigned nowhere, or an action is none.
   */
  put(guid: string, body: JsonObject): StoredRole {
    const key = guid.toLowerCase();
    const before = this.#roles.get(key);
    const role = readRole(objectOf(body.properties));
    if (before?.builtIn) throw armError(403, "CannotModifyBuiltInRole", `The role '${before.role.Name}' is built in.`);
    const twin = this.#all().find(({ role: { Name } }) => Name === role.Name);
    if (twin !== undefined && twin.guid !== key) {
      const message = `A role definition with the same name '${role.Name}' already exists. Please use a different name or the existing one's id '${twin.guid}'.`;
      throw armError(409, "RoleDefinitionWithSameNameExists", message);
    }
    const stored = { guid: key, role, builtIn: false, createdOn: before?.createdOn ?? new Date().toISOString() };
    this.#roles.set(key, stored);
    if (before !== undefined) this.#access.replace(before.role, role);
    return stored;
  }

  /** @throws Refused while somebody has it. */
  delete({ guid, role, builtIn }: StoredRole): void {
    if (builtIn) throw armError(403, "CannotModifyBuiltInRole", `The role '${role.Name}' is built in.`);
    if (this.#access.list().some((assignment) => assignment.role === role)) {
      const message = "There are existing role assignments referencing role (code: RoleDefinitionHasAssignments).";
      throw armError(400, "RoleDefinitionHasAssignments", message);
    }
    this.#roles.delete(guid);
  }

  idOf(role: RoleDefinition): string {
    return this.#id(this.of(role).guid);
  }

  #id(guid: string): string {
    return `/subscriptions/${this.#subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/${guid}`;
  }

  permissions({ Actions, NotActions = [], DataActions = [] }: RoleDefinition): object {
    return { actions: Actions, notActions: NotActions, dataActions: DataActions, notDataActions: [] };
  }

  view({ guid, role, builtIn, createdOn = "2015-02-02T21:55:09.8806423Z" }: StoredRole) {
    // A custom role shows that it has none (recorded 2024-10-09).
    const { Name, Description = builtIn ? "" : null, AssignableScopes = ["/"] } = role;
    const type = "Microsoft.Authorization/roleDefinitions";
    return {
      // Not looked up: one that has just been deleted is shown once more, and not made anew.
      id: this.#id(guid),
      name: guid,
      type,
      properties: {
        roleName: Name,
        type: builtIn ? "BuiltInRole" : "CustomRole",
        description: Description,
        assignableScopes: AssignableScopes,
        permissions: [this.permissions(role)],
        createdOn,
        updatedOn: createdOn,
        createdBy: builtIn ? null : changer,
        updatedBy: builtIn ? null : changer,
      },
    };
  }

  #all(): StoredRole[] {
    for (const { role } of this.#access.list()) this.of(role);
    return [...this.#roles.values()];
  }
}

/** A custom role may be assigned at its scopes and below; one that names none, anywhere. */
export function assignableAt({ AssignableScopes = ["/"] }: RoleDefinition, scope: string): boolean {
  return AssignableScopes.some((each) => isWithin(scope, each));
}

function readRole(properties: JsonObject): RoleDefinition {
  const [permission, another] = (Array.isArray(properties.permissions) ? properties.permissions : []).map(objectOf);
  const scopes = texts(properties.assignableScopes);
  if (typeof properties.roleName !== "string" || permission === undefined || another !== undefined) {
    throw invalid("A role definition needs a roleName and one set of permissions.");
  }
  if (scopes.length === 0 || scopes.some((scope) => !/^\/subscriptions\/[0-9a-f-]{36}(\/|$)/i.test(scope))) {
    const message = `The assignable scopes '${scopes.join(", ")}' of the role are not valid subscriptions or resource groups.`;
    throw armError(400, "LinkedInvalidAssignableScope", message);
  }
  const [actions, notActions] = [texts(permission.actions), texts(permission.notActions)];
  const isAction = /^(?:\*|(?:\*|[\w.]+)(?:\/(?:[\w.-]+|\*))+)$/;
  const strange = [...actions, ...notActions].find((action) => !isAction.test(action));
  if (strange !== undefined) {
    const message = `'${strange}' does not match any of the actions supported by the providers.`;
    throw armError(400, "InvalidActionOrNotAction", message);
  }
  return {
    Name: properties.roleName,
    ...(typeof properties.description === "string" && { Description: properties.description }),
    Actions: actions,
    NotActions: notActions,
    DataActions: texts(permission.dataActions),
    AssignableScopes: scopes,
  };
}

const invalid = (message: string) => armError(400, "InvalidRoleDefinition", message);

function texts(value: unknown): string[] {
  return (Array.isArray(value) ? value : []).filter((each): each is string => typeof each === "string");
}
