// The managed identities of a container group.
import type { ManagedIdentities as Assigned } from "../../../entra/metadata-service.ts";
import { armError } from "../../arm-error.ts";
import { isObject, type JsonObject } from "../../json-body.ts";
import type { ManagedIdentities } from "../../resources/managed-identities.ts";
import type { Reader } from "./body-reader.ts";
import { invalidContent } from "./group-errors.ts";

/** Managed identities of the group, as a PUT asks for them. */
export interface Identity {
  readonly type: string;
  /** Ids as they were written. */
  readonly userAssigned: readonly string[];
}

export function readIdentity(top: Reader): Identity | undefined {
  const identity = top.object("identity", ["type", "userAssignedIdentities", "principalId", "tenantId"]);
  const type = identity?.oneOf("type", ["None", "SystemAssigned", "UserAssigned", "SystemAssigned, UserAssigned"]);
  if (identity === undefined || type === undefined || type === "None") return undefined;
  const named = identity.raw("userAssignedIdentities") ?? {};
  if (!isObject(named)) throw invalidContent("An object is expected at 'identity.userAssignedIdentities'.");
  const userAssigned = Object.keys(named);
  if (type.includes("UserAssigned") !== userAssigned.length > 0) {
    throw invalidContent(`The identity type '${type}' does not fit the user assigned identities.`);
  }
  return { type, userAssigned };
}

/** The identities of a group, and how it shows them. */
interface AssignedIdentities extends Assigned {
  readonly view: JsonObject;
}

/**
 * Finds or makes the principals that the group stands for.
 * @throws Refused with 400 when a user-assigned identity does not exist.
 */
export function assignIdentities(
  groupId: string,
  { type, userAssigned: ids }: Identity,
  identities: ManagedIdentities,
  tenantId: string,
): AssignedIdentities {
  const userAssigned = identities.assigned(ids);
  const unknown = ids.find((id) => !userAssigned.some((each) => each.id === id));
  if (unknown !== undefined) {
    const inner = `{"error":{"code":"BadRequest","message":"Resource '${unknown}' was not found."}}`;
    const message = `Identity operation for resource '${groupId}' failed with error 'Failed to perform resource identity operation. Status: 'BadRequest'. Response: '${inner}'.'.`;
    throw armError(400, "FailedIdentityOperation", message);
  }
  const own = type.includes("SystemAssigned") ? identities.ensure(groupId, groupId.split("/").at(-1) ?? "") : undefined;
  const shown = userAssigned.map(({ id, principal }) => [
    id,
    { principalId: principal.objectId, clientId: principal.appId },
  ]);
  return {
    userAssigned,
    ...(own && { systemAssigned: own }),
    view: {
      type,
      ...(own && { principalId: own.objectId, tenantId }),
      ...(shown.length > 0 && { userAssignedIdentities: Object.fromEntries(shown) }),
    },
  };
}
