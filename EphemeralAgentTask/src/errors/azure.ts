// What Azure refuses: 2xx Azure itself, 3xx the network, 4xx the image.
import type { CatalogueEntry } from "../errors.ts";

export const azure = {
  EA201: {
    title: "The service connection's credential was refused.",
    next: "Renew the secret of the service principal, or open the service connection in the project settings and verify it.",
  },
  EA202: {
    title: "The service connection may not do this in Azure.",
    next: "Give its service principal the action named above at the scope named above; the command above does it, and counts after some minutes. The roles are in samples/roles: make them first with 'az role definition create', and bring older ones up to date with 'az role definition update' (see 'Rights' in the README).",
  },
  EA203: {
    title: "Azure has no capacity for this container group right now.",
    next: "Try again later, ask for less CPU or memory, or use a subnet in another region: 'fallbacks' names other sizes and places to try.",
  },
  EA204: {
    title: "A quota of the subscription is used up.",
    next: "Delete container groups that are not needed, or ask for a higher quota in the portal (Subscription > Usage + quotas).",
  },
  EA205: {
    title: "The service refuses more requests for a while.",
    next: "Run again after the time named in the cause. Start fewer agents at the same time: Azure allows about 100 creates in five minutes and 300 an hour. 'fallbacks' names other sizes and places to try.",
  },
  EA206: {
    title: "The resource provider is not registered in the subscription.",
    next: "Run: az provider register --namespace Microsoft.ContainerInstance",
  },
  EA207: {
    title: "The resource group was not found.",
    next: "Check resourceGroupName, and that the service connection belongs to the right subscription.",
  },
  EA208: {
    title: "Azure refused the container group.",
    next: "Read the cause; it names the property. If it is not one of your inputs, please report it with the code.",
  },
  EA209: {
    title: "Azure did not answer as expected.",
    next: "Try again; if it stays, look at the Azure status page and at the activity log of the resource group.",
  },
  EA210: {
    title: "The service connection's federation does not fit the pipeline's token.",
    next: "Compare issuer, subject and audience in the cause with the federated credential of the app registration (or managed identity) in Entra; the service connection's page in the project settings shows what they must be. Both are case-sensitive.",
  },
  EA211: {
    title: "The service connection's certificate has expired or is not known.",
    next: "Upload a valid certificate to the app registration in Entra, and put the same certificate with its key into the service connection.",
  },
  EA301: {
    title: "The subnet is not delegated to Azure Container Instances.",
    next: "Run: az network vnet subnet update --ids SUBNET_ID --delegations Microsoft.ContainerInstance/containerGroups",
  },
  EA302: {
    title: "The subnet or its virtual network was not found.",
    next: "Check subnetId, or vnetResourceGroupName, vnetName and subnetName, that the network is in the region of the container group, and that the connection may read it.",
  },
  EA303: {
    title: "The container group's region is not the virtual network's.",
    next: "Leave location empty: the virtual network's region is then used.",
  },
  EA304: {
    title: "The container group is not in a virtual network: it gets public egress and reaches no private network.",
    next: "Name a subnet with subnetId, or with vnetResourceGroupName, vnetName and subnetName.",
  },
  EA305: {
    title: "The subnet has no free address.",
    next: "Use a larger subnet (not a /29), or run fewer agents at the same time. An address comes free some minutes after its container group was deleted.",
  },
  EA306: {
    title: "The subnet is used by other resources.",
    next: "Give the agents a subnet of their own: a subnet delegated to Azure Container Instances may hold nothing but container groups.",
  },
  EA307: {
    title: "The subnet is in another subscription.",
    next: "Use a subnet of the service connection's subscription, or a service connection of the subnet's: Azure Container Instances joins no network of another subscription.",
  },
  EA401: {
    title: "The image was not found or could not be pulled.",
    next: "Check imageName and its tag, and that containerRegistry may pull it (role AcrPull). An ACR behind a private endpoint takes registryIdentity.",
  },
  EA402: {
    title: "The registry did not answer properly.",
    next: "Try again later; look at the registry's health if it stays.",
  },
  EA403: {
    title: "The registry refuses to give the image.",
    next: "Check the user and password of containerRegistry, or give its identity, or registryIdentity, the role AcrPull on the registry.",
  },
  EA404: {
    title: "The registry is closed to public networks, and no managed identity pulls from it.",
    next: "Set registryIdentity to a user-assigned identity with the role AcrPull, and let trusted Azure services in (az acr update --name REGISTRY --allow-trusted-services true).",
  },
  EA405: {
    title: "The image takes too long to pull.",
    next: "Use a smaller image or a registry in the same region, or raise timeoutAgentOnline.",
  },
} as const satisfies Record<string, CatalogueEntry>;
