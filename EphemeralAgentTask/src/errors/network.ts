// What Azure says of the network and the image: 3xx and 4xx.
import type { CatalogueEntry } from "../errors.ts";
import { readAtOnce } from "./advice.ts";

export const network = {
  EA301: {
    title: "The subnet is not delegated to Azure Container Instances.",
    next: `Run the command in the cause, or name a subnet that is delegated to Microsoft.ContainerInstance/containerGroups. ${readAtOnce}`,
  },
  EA302: {
    title: "The subnet or its virtual network was not found.",
    next: `Check subnetId, or vnetResourceGroupName, vnetName and subnetName, against the list that the command in the cause shows; the network must be in the region of the container group, and the service connection must be allowed to read it. ${readAtOnce}`,
  },
  EA303: {
    title: "The container group's region is not the virtual network's.",
    next: `Leave location empty: the task then uses the region of the virtual network that the cause names. ${readAtOnce}`,
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
    next: `Check imageName and its tag. If the image is not public, name containerRegistry or registryIdentity, whose identity needs the role AcrPull; only registryIdentity reaches a registry behind a private endpoint. ${readAtOnce}`,
  },
  EA402: {
    title: "The registry did not answer properly.",
    next: "Try again later; look at the registry's health if it stays.",
  },
  EA403: {
    title: "The registry refuses to give the image.",
    next: "If neither containerRegistry nor registryIdentity is given, name one: the image is not public. Otherwise check the user and password of containerRegistry, or give its identity, or registryIdentity, the role AcrPull on the registry.",
  },
  EA404: {
    title: "The registry is closed to public networks, and no managed identity pulls from it.",
    next: "Set registryIdentity to a user-assigned identity with the role AcrPull, and let trusted Azure services in (az acr update --name REGISTRY --allow-trusted-services true).",
  },
  EA406: {
    title: "The image is not public or does not exist, and nothing is named that may pull it.",
    next: `Check imageName and its tag. For an image that is not public, name containerRegistry (a service connection to the registry) or registryIdentity (a managed identity with the role AcrPull on it). ${readAtOnce}`,
  },
  EA405: {
    title: "The image takes too long to pull.",
    next: "Use a smaller image or a registry in the same region, or raise timeoutAgentOnline.",
  },
} as const satisfies Record<string, CatalogueEntry>;
