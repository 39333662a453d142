// Checks the resource group: whether it exists, the rights in it, and its locks.
import { resourceGroupId } from "../../plan/resource-group-id.ts";
import { failed, faulty, isForbidden, isMissing, type Look } from "../check-context.ts";
import { type Found, ok, wrong } from "../finding.ts";
import { checkLocks } from "./resource-locks.ts";
import { allows, checkRights, needsOfGroup } from "./role-permissions.ts";

const readAction = "Microsoft.Resources/subscriptions/resourceGroups/read";

interface GroupLook {
  readonly found: Found[];
  /** Region of the group, where it could be read. */
  readonly location?: string;
}

/** @param principal object id of the signed-in identity */
export async function checkResourceGroup(look: Look, principal: string): Promise<GroupLook> {
  const { azure, settings, read } = look;
  const { resourceGroupName: name } = settings;
  const { subscriptionId } = settings.azure;
  const subject = `resource group ${name}`;
  const scope = resourceGroupId(settings);
  const location = await read("resourceGroup", () => azure.resourceGroup(name));
  const create = `az group create --subscription ${subscriptionId} --name ${name} --location ${settings.placements[0].location ?? "REGION"}`;
  if (failed(location) && isMissing(location)) {
    return { found: [wrong(subject, { found: "does not exist", cause: location.message, fix: create })] };
  }
  const [rights, locks] = await Promise.all([
    checkRights(look, scope, needsOfGroup(settings), principal),
    checkLocks(look, scope),
  ]);
  if (!failed(location)) return { found: [ok(subject, `exists, in ${location}`), locks, ...rights.found], location };
  if (!isForbidden(location)) return { found: [faulty(subject, location), ...rights.found] };
  // The missing action is named by the rights already, where they can be read.
  if (rights.roles !== undefined && !allows(rights.roles, readAction)) return { found: rights.found };
  return {
    found: [
      wrong(subject, {
        found: "does not exist, or may not be read",
        cause: location.message,
        fix: `Check resourceGroupName. ${create}; then assign the role in samples/roles/container-groups.json on it.`,
      }),
    ],
  };
}
