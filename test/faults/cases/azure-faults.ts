// Faults that Azure answers.
import { answered, arm, entra, type Fault, shows, warning } from "../fault.ts";

const network = "/subscriptions/1/resourceGroups/rg-net/providers/Microsoft.Network/virtualNetworks/vnet";
const subnet = `${network}/subnets/agents`;
const group = "/subscriptions/1/resourceGroups/rg/providers/Microsoft.ContainerInstance/containerGroups/eph-101-abc123";
const client = "The client 'app' with object id 'oid'";
const capacity =
  "The requested resource is not available in the location 'westeurope' at this moment. Please retry with a different resource request or in another location. Resource requested: '1' CPU '2' GB memory 'Linux' OS virtual network";

/** What Azure Resource Manager, Container Instances and Entra answer: facts aci-azure-sdk §2.3 and §3.9. */
export const azureFaults: readonly Fault[] = [
  {
    name: "no capacity in region, at the request",
    // virtual-kubelet #592: a 409, not a 503.
    inject: answered("host.create", arm(409, "ServiceUnavailable", capacity)),
    code: "EA203",
    cause:
      /^Azure \(localhost:\d+\): ServiceUnavailable: The requested resource is not available in the location 'westeurope'/,
  },
  {
    name: "no capacity in region, after the request",
    // Azure/Azure-Landing-Zones #2404: an operation that failed without an error, and this event.
    inject: shows({ provisioningState: "Failed", events: [warning("InsufficientCapacity.", capacity)] }),
    code: "EA203",
    cause: /^InsufficientCapacity\.: The requested resource is not available/,
  },
  {
    name: "quota reached",
    // MicrosoftDocs/azure-docs #51738
    inject: answered(
      "host.create",
      arm(
        409,
        "ContainerGroupQuotaReached",
        "Resource type 'Microsoft.ContainerInstance/containerGroups' container group quota 'StandardCores' exceeded in region 'westeurope'. Limit: '10', Usage: '10' Requested: '1'.",
      ),
    ),
    code: "EA204",
    cause: /quota 'StandardCores' exceeded in region 'westeurope'\. Limit: '10', Usage: '10'/,
  },
  {
    name: "create rate limit",
    inject: answered(
      "host.create",
      arm(429, "TooManyRequests", "The request is being throttled as the limit has been reached.", {
        "retry-after": "60",
      }),
    ),
    code: "EA205",
    cause: /TooManyRequests: The request is being throttled/,
  },
  {
    name: "provider not registered",
    // Azure/aci-connector-k8s #33
    inject: answered(
      "host.create",
      arm(
        409,
        "MissingSubscriptionRegistration",
        "The subscription is not registered to use namespace 'Microsoft.ContainerInstance'. See https://aka.ms/rps-not-found for how to register subscriptions.",
      ),
    ),
    code: "EA206",
    cause: /not registered to use namespace 'Microsoft\.ContainerInstance'/,
  },
  {
    name: "resource group missing",
    inject: answered(
      "host.create",
      arm(404, "ResourceGroupNotFound", "Resource group 'rg-agents' could not be found."),
    ),
    code: "EA207",
    cause: /Resource group 'rg-agents' could not be found/,
  },
  {
    name: "missing role action on the resource group",
    inject: answered(
      "host.create",
      arm(
        403,
        "AuthorizationFailed",
        `${client} does not have authorization to perform action 'Microsoft.ContainerInstance/containerGroups/write' over scope '${group}' or the scope is invalid. If access was recently granted, please refresh your credentials.`,
      ),
    ),
    code: "EA202",
    cause:
      /containerGroups\/write' over scope .*Grant it: az role assignment create .* --scope \/subscriptions\/1\/resourceGroups\/rg$/s,
  },
  {
    name: "missing role action on the subnet",
    inject: answered(
      "host.create",
      arm(
        403,
        "LinkedAuthorizationFailed",
        `${client} has permission to perform action 'Microsoft.ContainerInstance/containerGroups/write' on scope '${group}'; however, it does not have permission to perform action(s) 'Microsoft.Network/virtualNetworks/subnets/join/action' on the linked scope(s) '${subnet}' (respectively) or the linked scope(s) are invalid.`,
      ),
    ),
    code: "EA202",
    cause:
      /subnets\/join\/action' on the linked scope.*Grant it: .*"Ephemeral Agents Network" --scope .*virtualNetworks\/vnet$/s,
  },
  {
    name: "Azure refuses a property",
    inject: answered("host.create", arm(400, "InvalidContainerGroupName", "The container group name is invalid.")),
    code: "EA208",
    cause: /InvalidContainerGroupName: The container group name is invalid\. \(HTTP 400\)/,
  },
  {
    name: "Azure answers something else",
    inject: answered("host.network", arm(500, "InternalServerError", "An unexpected error occurred.")),
    settings: { placements: [{ subnetId: subnet, cpu: 1, memoryInGB: 1 }] },
    code: "EA209",
    cause: /InternalServerError: An unexpected error occurred\. \(HTTP 500\)/,
  },
  {
    name: "service connection expired: its secret",
    inject: answered(
      "host.create",
      entra(
        7000222,
        "The provided client secret keys for app 'app' are expired. Visit the Azure portal to create new keys.",
      ),
    ),
    code: "EA201",
    cause:
      /^Microsoft Entra ID \(localhost:\d+\): AADSTS7000222: The provided client secret keys for app 'app' are expired\.(?!.*Trace)/,
  },
  {
    name: "service connection with a wrong secret",
    inject: answered("host.create", entra(7000215, "Invalid client secret provided.")),
    code: "EA201",
    cause: /AADSTS7000215: Invalid client secret provided/,
  },
  {
    name: "federation without a record",
    // Azure/azure-workload-identity #1200
    inject: answered(
      "host.create",
      entra(70021, "No matching federated identity record found for presented assertion."),
    ),
    code: "EA210",
    cause: /AADSTS70021: No matching federated identity record found/,
  },
  {
    name: "federation subject mismatch",
    // Azure/login #372
    inject: answered(
      "host.create",
      entra(
        700213,
        "No matching federated identity record found for presented assertion subject 'sc://contoso/Shop/azure'. Check your federated identity credential Subject, Audience and Issuer against the presented assertion.",
      ),
    ),
    code: "EA210",
    cause: /AADSTS700213: .*assertion subject 'sc:\/\/contoso\/Shop\/azure'/,
  },
  {
    name: "certificate expired, as the application shows it",
    // AzureAD/microsoft-authentication-library-for-js #8339
    inject: answered(
      "host.create",
      entra(
        700027,
        "The certificate with identifier used to sign the client assertion is expired on application. [Reason - The key used is expired., Thumbprint of key used by client: 'AB', Please visit the Azure Portal to see configured keys for app Id 'app'.]",
        "certificate",
      ),
    ),
    code: "EA211",
    cause: /AADSTS700027: .*is expired on application/,
  },
  {
    name: "certificate expired, as its own dates show it",
    // AzureAD/microsoft-identity-web #2834
    inject: answered(
      "host.create",
      entra(1000502, "The provided certificate is not within its specified validity window.", "certificate"),
    ),
    code: "EA211",
    cause: /AADSTS1000502: The provided certificate is not within its specified validity/,
  },
];
