// Azure CLI commands that fix what Azure refused.

const inGroup = /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+/i;

/** The shipped role with the actions that begin so, the most specific first, and where the README says to assign it. */
const shippedRoles: Readonly<Record<string, readonly [role: string, scope: RegExp]>> = {
  "microsoft.standbypool": ["Ephemeral Agents Standby Pool", inGroup],
  "microsoft.containerinstance/containergroupprofiles": ["Ephemeral Agents Standby Pool", inGroup],
  "microsoft.containerinstance": ["Ephemeral Agents Container Groups", inGroup],
  "microsoft.resources": ["Ephemeral Agents Container Groups", inGroup],
  "microsoft.network": ["Ephemeral Agents Network", /^.+?\/virtualNetworks\/[^/]+/i],
  "microsoft.managedidentity": ["Managed Identity Operator", /^.+?\/userAssignedIdentities\/[^/]+/i],
};

/**
 * The command that grants an action by the shipped role that has it, where that role belongs.
 * @param principal object id of who needs it
 * @param scope at which the action is missing
 */
export function grantCommand(principal: string, action: string, scope: string): string {
  const [, shipped] = Object.entries(shippedRoles).find(([start]) => action.toLowerCase().startsWith(start)) ?? [];
  const [role, place] = shipped ?? [`<a role with ${action}>`, /^.+/];
  return `az role assignment create --assignee-object-id ${principal} --assignee-principal-type ServicePrincipal --role "${role}" --scope ${place.exec(scope)?.[0] ?? scope}`;
}

/**
 * The commands that grant what Azure says is missing, one for each action and scope it names; empty when it names none.
 * @param message of `AuthorizationFailed` or `LinkedAuthorizationFailed` (facts aci-azure-sdk §3.9)
 */
export function grantCommands(message: string): string[] {
  const principal = /object id '([^']+)'/.exec(message)?.[1] ?? "OBJECT_ID";
  const missing = message.split("does not have").at(-1) ?? "";
  const actions = /action(?:\(s\))? '([^']+)'/.exec(missing)?.[1]?.split(",") ?? [];
  const scopes = /scope(?:\(s\))? '([^']+)'/.exec(missing)?.[1]?.split(",") ?? [];
  const commands = actions.map((action, index) =>
    grantCommand(principal, action, scopes[index] ?? scopes[0] ?? "SCOPE"),
  );
  return [...new Set(commands)];
}

/** The command that registers the provider that Azure names, in the subscription if it names that. */
export function registerCommand(message: string): string[] {
  const namespace = /namespace '([\w.]+)'/i.exec(message)?.[1];
  if (namespace === undefined) return [];
  const subscription = /subscription '?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/i.exec(message)?.[1];
  const where = subscription === undefined ? "" : ` --subscription ${subscription}`;
  return [`Register it: az provider register --namespace ${namespace}${where}`];
}

/** The command that delegates a subnet to container groups. @param id of the subnet, when it is known */
export const delegateCommand = (id: string | undefined): string[] =>
  id === undefined
    ? []
    : [
        `Delegate it: az network vnet subnet update --ids ${id} --delegations Microsoft.ContainerInstance/containerGroups`,
      ];

/** What was asked for by its names, and the command that lists what there is. @param id of the subnet, when it is known */
export function subnetsCommand(id: string | undefined): string[] {
  const [, subscription, group, network, subnet] =
    /^\/subscriptions\/([^/]+)\/resourceGroups\/([^/]+)\/.*\/virtualNetworks\/([^/]+)\/subnets\/([^/]+)$/i.exec(
      id ?? "",
    ) ?? [];
  if (subnet === undefined) return [];
  return [
    `Asked for: subnet '${subnet}' of virtual network '${network}' in resource group '${group}'`,
    `See what there is: az network vnet subnet list --subscription ${subscription} --resource-group ${group} --vnet-name ${network} --output table`,
  ];
}

/** The scopes that `ScopeLocked` names, each once. */
export function lockedScopes(message: string): string[] {
  const [, listed = ""] = /scope\(s\) are locked: (.*)/s.exec(message) ?? [];
  return [...new Set([...listed.matchAll(/'([^']+)'/g)].flatMap(([, ids = ""]) => ids.split(",")))];
}

/** The command that lists the locks of a scope. */
export function lockCommand(scope: string): string {
  const [, subscription = "", group] = /^\/subscriptions\/([^/]+)(?:\/resourceGroups\/([^/]+))?/i.exec(scope) ?? [];
  return `az lock list${group === undefined ? "" : ` --resource-group ${group}`} --subscription ${subscription}`;
}
