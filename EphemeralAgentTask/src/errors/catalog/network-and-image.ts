// Errors of the network and the image: 3xx and 4xx.

import { readAtOnce } from "./advice.ts";
import type { CatalogEntry } from "./catalog-entry.ts";

export const network = {
  EA301: {
    title: "The subnet is not delegated to Azure Container Instances.",
    next: `Run the command in the message, or name a subnet that is delegated to Microsoft.ContainerInstance/containerGroups. ${readAtOnce}`,
  },
  EA302: {
    title: "The subnet or its virtual network was not found.",
    next: `Check subnetId, or vnetResourceGroupName, vnetName and subnetName, against the list that the command in the message shows. The network must be in the region of the container group, and the service connection must be allowed to read it. ${readAtOnce}`,
  },
  EA303: {
    title: "The container group and the virtual network are in different regions.",
    next: `Remove location: the task then uses the region of the virtual network that the cause names. ${readAtOnce}`,
  },
  EA304: {
    title:
      "The container group is not in a virtual network: it has public outbound access and reaches no private network.",
    next: "Name a subnet with subnetId, or with vnetResourceGroupName, vnetName and subnetName.",
  },
  EA305: {
    title: "The subnet has no free address.",
    next: "Use a larger subnet (not a /29), or run fewer agents at the same time. An address becomes free a few minutes after its container group was deleted.",
  },
  EA306: {
    title: "The subnet is used by other resources.",
    next: "Give the agents a subnet of their own: a subnet delegated to Azure Container Instances may hold nothing but container groups.",
  },
  EA307: {
    title: "The subnet is in another subscription.",
    next: "Use a subnet in the subscription of the service connection, or a service connection to the subscription of the subnet. Azure Container Instances cannot join a network in another subscription.",
  },
  EA401: {
    title: "The image was not found or could not be pulled.",
    next: `Check imageName and its tag. If the image is not public, name containerRegistry or registryIdentity, whose identity needs the role AcrPull; only registryIdentity reaches a registry behind a private endpoint. ${readAtOnce}`,
  },
  EA402: {
    title: "The registry did not answer as expected.",
    next: "Try again later. If the problem persists, check the health of the registry.",
  },
  EA403: {
    title: "The registry refuses to deliver the image.",
    next: "The image is not public: name containerRegistry or registryIdentity. If one is named already, check the user and password of containerRegistry, or give its identity, or registryIdentity, the role AcrPull on the registry. Check imageName, too: many registries refuse a name that does not exist.",
  },
  EA404: {
    title: "The registry is closed to public networks, and no managed identity pulls from it.",
    next: "Set registryIdentity to a user-assigned identity with the role AcrPull, and allow trusted Azure services (az acr update --name REGISTRY --allow-trusted-services true).",
  },
  EA406: {
    title: "The image is not public or does not exist, and no input names an identity that may pull it.",
    next: `Check imageName and its tag. For an image that is not public, name containerRegistry (a service connection to the registry) or registryIdentity (a managed identity with the role AcrPull on it). ${readAtOnce}`,
  },
  EA405: {
    title: "The image takes too long to pull.",
    next: "Use a smaller image or a registry in the same region, or raise timeoutAgentOnline.",
  },
} as const satisfies Record<string, CatalogEntry>;
