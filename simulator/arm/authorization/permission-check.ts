// Decides whether a principal may do something at a scope, from role assignments.
import { randomUUID } from "node:crypto";
import { isWithin } from "../resources/resource-id.ts";

/** A role definition, in the form in which `az role definition create` takes it. */
export interface RoleDefinition {
  readonly Name: string;
  readonly Description?: string;
  readonly Actions: readonly string[];
  readonly NotActions?: readonly string[];
  /** What it allows with data, which is nothing that `Actions` would allow too. */
  readonly DataActions?: readonly string[];
  /** Where it may be assigned. */
  readonly AssignableScopes?: readonly string[];
}

interface RoleAssignment {
  /** Object id of a service principal. */
  readonly principalId: string;
  readonly role: RoleDefinition;
  /** Id of a subscription, resource group or resource; the role holds there and below. */
  readonly scope: string;
}

export interface StoredAssignment extends RoleAssignment {
  /** The last part of its id. */
  readonly guid: string;
  readonly createdOn: string;
}

/** A request that took a right. */
interface Demand {
  readonly principalId: string;
  readonly action: string;
  readonly scope: string;
  readonly allowed: boolean;
}

/** Who may do what where. Nothing is allowed that no role allows. */
export class Access {
  #assignments: StoredAssignment[] = [];
  readonly #demands: Demand[] = [];

  /** Every right that a request took so far, allowed or not: tests hold roles against it. */
  get demands(): readonly Demand[] {
    return this.#demands;
  }

  /** @returns a function that takes the assignment back. */
  assign(assignment: RoleAssignment, guid: string = randomUUID()): () => void {
    this.#assignments.push({ ...assignment, guid, createdOn: new Date().toISOString() });
    return () => this.remove(guid);
  }

  remove(guid: string): void {
    this.#assignments = this.#assignments.filter((each) => each.guid !== guid);
  }

  list(): readonly StoredAssignment[] {
    return this.#assignments;
  }

  of(principalId: string): readonly StoredAssignment[] {
    return this.#assignments.filter((assignment) => assignment.principalId === principalId);
  }

  /** Gives everybody who has the role its changed form. */
  replace(before: RoleDefinition, after: RoleDefinition): void {
    this.#assignments = this.#assignments.map((each) => (each.role === before ? { ...each, role: after } : each));
  }

  /** Takes every role of the principal back. */
  revoke(principalId: string): void {
    this.#assignments = this.#assignments.filter((assignment) => assignment.principalId !== principalId);
  }

  /** As `allows`, for a request that fails without the right. */
  demand(principalId: string, action: string, scope: string): boolean {
    const allowed = this.allows(principalId, action, scope);
    this.#demands.push({ principalId, action, scope, allowed });
    return allowed;
  }

  /** As `allows`, for what is done with data: not even an owner may by that role. */
  allowsData(principalId: string, dataAction: string, scope: string): boolean {
    return this.of(principalId).some(
      (assignment) =>
        isWithin(scope, assignment.scope) && includes({ Actions: assignment.role.DataActions ?? [] }, dataAction),
    );
  }

  allows(principalId: string, action: string, scope: string): boolean {
    return this.of(principalId).some(
      (assignment) => isWithin(scope, assignment.scope) && includes(assignment.role, action),
    );
  }
}

function includes(
  { Actions, NotActions = [] }: Pick<RoleDefinition, "Actions" | "NotActions">,
  action: string,
): boolean {
  const matches = (pattern: string): boolean => wildcard(pattern).test(action);
  return Actions.some(matches) && !NotActions.some(matches);
}

// `a/*/b` holds for `a/b` too: Managed Identity Operator works although its actions are written so.
function wildcard(pattern: string): RegExp {
  const literals = pattern.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${literals.join(".*").replaceAll("/.*/", "/(?:.*/)?")}$`, "i");
}
