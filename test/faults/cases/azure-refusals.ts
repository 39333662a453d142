// What Azure refuses for another reason than a missing role or resource: subscriptions, locks, policies, providers.
import { answered, arm, type Fault } from "../fault.ts";

const subscription = "/subscriptions/00000000-0000-0000-0000-000000000001";
const group = `${subscription}/resourceGroups/rg-agents`;
const container = `${group}/providers/Microsoft.ContainerInstance/containerGroups/eph-101-abc123`;
const client = "The client 'app' with object id 'oid'";

const refused = (
  name: string,
  status: number,
  code: string,
  message: string,
  rest: Pick<Fault, "code" | "cause">,
): Fault => ({
  name,
  inject: answered("host.create", arm(status, code, message)),
  ...rest,
});

export const refusalFaults: readonly Fault[] = [
  refused(
    "another provider not registered",
    409,
    "MissingSubscriptionRegistration",
    "The subscription is not registered to use namespace 'Microsoft.Network'. See https://aka.ms/rps-not-found for how to register subscriptions.",
    {
      code: "EA206",
      cause: /namespace 'Microsoft\.Network'.*Register it: az provider register --namespace Microsoft\.Network$/s,
    },
  ),
  refused(
    "a subscription that is not there",
    404,
    "SubscriptionNotFound",
    "The subscription '00000000-0000-0000-0000-000000000001' could not be found.",
    { code: "EA217", cause: /SubscriptionNotFound: The subscription '0{8}-\S+' could not be found\. \(HTTP 404\)$/ },
  ),
  refused(
    "a subscription id that is none",
    400,
    "InvalidSubscriptionId",
    "The provided subscription identifier 'shop' is malformed or invalid.",
    { code: "EA217", cause: /subscription identifier 'shop' is malformed/ },
  ),
  refused(
    "a lock on the resource group",
    // Azure/apiops #606
    409,
    "ScopeLocked",
    `The scope '${container}' cannot perform write operation because following scope(s) are locked: '${group}'. Please remove the lock and try again.`,
    {
      code: "EA218",
      cause:
        /are locked: '.*\/rg-agents'.*See the lock: az lock list --resource-group rg-agents --subscription 0{8}-\S+$/s,
    },
  ),
  refused(
    "a subscription that may only be read",
    // microsoft/vscode-azureappservice #1646
    409,
    "ReadOnlyDisabledSubscription",
    "The subscription '00000000-0000-0000-0000-000000000001' is disabled and therefore marked as read only. You cannot perform any write actions on this subscription until it is re-enabled.",
    { code: "EA219", cause: /is disabled and therefore marked as read only/ },
  ),
  refused(
    "a resource group that is being deleted",
    409,
    "ResourceGroupBeingDeleted",
    "The resource group 'rg-agents' is in deprovisioning state and cannot perform this operation.",
    { code: "EA220", cause: /The resource group 'rg-agents' is in deprovisioning state/ },
  ),
  refused(
    "a region that Azure does not open for the subscription",
    // microsoft/vscode-apimanagement #464
    403,
    "RequestDisallowedByAzure",
    "Resource 'eph-101-abc123' was disallowed by Azure: This policy maintains a set of best available regions where your subscription can deploy resources. The objective of this policy is to ensure that your subscription has full access to Azure services with optimal performance. Should you need additional or different regions, contact support.",
    { code: "EA215", cause: /disallowed by Azure: This policy maintains a set of best available regions/ },
  ),
  refused(
    "a deny assignment",
    403,
    "DenyAssignmentAuthorizationFailed",
    `${client} has permission to perform action 'Microsoft.ContainerInstance/containerGroups/write' on scope '${container}'; however, the access is denied because of the deny assignment with name 'Deny assignment of a deployment stack' and Id '00000000000000000000000000000009' at scope '${group}'.`,
    {
      code: "EA216",
      cause:
        /deny assignment with name 'Deny assignment of a deployment stack'.* at scope '.*rg-agents'\. \(HTTP 403\)$/,
    },
  ),
  refused(
    "a deny assignment on the network",
    // Azure/ARO-RP #423
    403,
    "LinkedAuthorizationFailed",
    `${client} has permission to perform action 'Microsoft.ContainerInstance/containerGroups/write' on scope '${container}'; however, it does not have permission to perform action 'Microsoft.Network/virtualNetworks/subnets/join/action' on the '0' linked scope(s) '' or the linked scope(s) are invalid and is blocked by deny assignments on the '1' linked scope(s) '${subscription}/resourceGroups/rg-net'.`,
    { code: "EA216", cause: /is blocked by deny assignments on the '1' linked scope\(s\)[^\n]*\(HTTP 403\)$/ },
  ),
  refused(
    "a token of another tenant",
    401,
    "InvalidAuthenticationTokenTenant",
    "The access token is from the wrong issuer 'https://sts.windows.net/1/'. It must match the tenant 'https://sts.windows.net/2/' associated with this subscription.",
    {
      code: "EA223",
      cause: /It must match the tenant 'https:\/\/sts\.windows\.net\/2\/' associated with this subscription/,
    },
  ),
  refused("a token that Azure does not take", 401, "InvalidAuthenticationToken", "The access token is invalid.", {
    code: "EA229",
    cause: /InvalidAuthenticationToken: The access token is invalid\. \(HTTP 401\)$/,
  }),
  refused(
    "a container group that is still changing",
    409,
    "ContainerGroupTransitioning",
    "The container group 'eph-101-abc123' is still transitioning, please retry later.",
    { code: "EA232", cause: /'eph-101-abc123' is still transitioning, please retry later\. \(HTTP 409\)$/ },
  ),
  refused(
    "a network that is still changing",
    409,
    "AnotherOperationInProgress",
    "Another operation on this or dependent resource is in progress.",
    { code: "EA232", cause: /AnotherOperationInProgress: Another operation on this or dependent resource is in/ },
  ),
  refused("a refusal without a known code", 403, "Forbidden", "Not today.", {
    code: "EA208",
    cause: /Forbidden: Not today\. \(HTTP 403\)$/,
  }),
];
