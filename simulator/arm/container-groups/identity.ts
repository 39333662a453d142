import { isObject } from "../json.ts";
import type { Reader } from "./reader.ts";
import { invalidContent } from "./refusals.ts";

/** Managed identities of the group. Only which there are is known; no container gets a token for one yet. */
export interface Identity {
  readonly type: string;
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
