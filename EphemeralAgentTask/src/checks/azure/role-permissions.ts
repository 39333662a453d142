// Checks which actions of the shipped roles the service connection's identity lacks, and at which scope.
import { grantCommand } from "../../errors/mapping/fix-commands.ts";
import type { CheckSettings } from "../../settings/settings.ts";
import { failed, type Look, unread } from "../check-context.ts";
import type { RoleRights } from "../check-ports.ts";
import { type Found, ok, warning, wrong } from "../finding.ts";

export interface Need {
  readonly action: string;
  /** "to …": what cannot be done without it. */
  readonly to: string;
  /** False when a `run` with these inputs works without it. */
  readonly vital: boolean;
}

const aci = "Microsoft.ContainerInstance/containerGroups";
const network = "Microsoft.Network/virtualNetworks";

/** The role for the resource group of the containers (samples/roles/container-groups.json). */
export function needsOfGroup({ keepOnError, placements }: CheckSettings): Need[] {
  const asksGroup = placements.some((one) => one.subnetId === undefined && one.location === undefined);
  return [
    { action: `${aci}/read`, to: "follow container groups", vital: true },
    { action: `${aci}/write`, to: "create them", vital: true },
    { action: `${aci}/delete`, to: "delete them", vital: true },
    { action: `${aci}/stop/action`, to: "stop one that skipContainerDeletionOnError keeps", vital: keepOnError },
    { action: `${aci}/containers/logs/read`, to: "show a container's log when something fails", vital: false },
    {
      action: "Microsoft.Resources/subscriptions/resourceGroups/read",
      to: "find the region when there is no subnet",
      vital: asksGroup,
    },
  ];
}

/** The role for the virtual network (samples/roles/network.json). */
export const needsOfNetwork: readonly Need[] = [
  { action: `${network}/read`, to: "find the region and the DNS servers of the subnet", vital: true },
];

/** Of the same role; a role assigned on the subnet alone has it too. */
export const needsOfSubnet: readonly Need[] = [
  { action: `${network}/subnets/join/action`, to: "put container groups into the subnet", vital: true },
];

export const needsOfIdentity: readonly Need[] = [
  {
    action: "Microsoft.ManagedIdentity/userAssignedIdentities/assign/action",
    to: "give the identity to container groups",
    vital: true,
  },
];

/**
 * Whether an action fits a pattern. Each star takes as little as it can, which is enough, and one pass. A star between two
 * slashes may hold nothing, and one of the slashes be missing: the built-in Managed Identity Operator has its actions so.
 */
function matches(pattern: string, action: string): boolean {
  const [first = "", ...rest] = pattern.toLowerCase().split("*");
  const text = action.toLowerCase();
  if (rest.length === 0) return text === first;
  if (!text.startsWith(first)) return false;
  const last = rest.at(-1) ?? "";
  let at = first.length;
  for (const part of rest.slice(0, -1)) {
    const found = text.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return text.length - last.length >= at && text.endsWith(last);
}

// The same with every star between slashes also read as one slash.
const fits = (pattern: string, action: string) =>
  matches(pattern, action) || matches(pattern.replaceAll("/*/", "/"), action);

/** Each role is evaluated on its own: another role may grant what one excludes. */
export function allows(roles: readonly RoleRights[], action: string): boolean {
  const any = (patterns: readonly string[]) => patterns.some((pattern) => fits(pattern, action));
  return roles.some(({ actions, notActions }) => any(actions) && !any(notActions));
}

const nameOf = (scope: string) => scope.split("/").at(-1) ?? scope;

/** @param principal object id of the identity */
function judgeRights(roles: readonly RoleRights[], needs: readonly Need[], scope: string, principal: string): Found[] {
  const subject = `role actions on ${nameOf(scope)}`;
  const missing = needs.filter(({ action }) => !allows(roles, action));
  if (missing.length === 0) return [ok(subject, needs.map(({ action }) => shortened(action)).join(", "))];
  const commands = new Set(missing.map(({ action }) => grantCommand(principal, action, scope)));
  const judge = missing.some(({ vital }) => vital) ? wrong : warning;
  return [
    judge(subject, {
      found: `missing: ${missing.map(({ action }) => action).join(", ")}`,
      cause: `At ${scope} no role of ${principal} has what it takes ${missing.map(({ to }) => `to ${to}`).join(", and ")}.`,
      fix: `${[...commands].join(" && ")} (if the role is assigned already, it is an older one: az role definition update, with its file in samples/roles)`,
    }),
  ];
}

const shortened = (action: string) => action.split("/").slice(1).join("/");

/** Reads the rights at a scope. @returns nothing when the finding says all there is to say */
export async function checkRights(
  { azure, read }: Look,
  scope: string,
  needs: readonly Need[],
  principal: string,
): Promise<{ readonly found: Found[]; readonly roles: readonly RoleRights[] | undefined }> {
  const roles = await read("rights", () => azure.rights(scope));
  if (failed(roles)) return { found: [unread(`role actions on ${nameOf(scope)}`, roles)], roles: undefined };
  return { found: judgeRights(roles, needs, scope, principal), roles };
}
