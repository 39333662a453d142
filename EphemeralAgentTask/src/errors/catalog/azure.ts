// Errors of Azure: 2xx. Sign-in errors have a file of their own.

import { readAtOnce } from "./advice.ts";
import type { CatalogEntry } from "./catalog-entry.ts";

export const azure = {
  EA202: {
    title: "The service connection's identity is not allowed to do this in Azure.",
    next: `Check that azureSubscription names the right service connection. If it does, run the command in the message. It takes effect after a few minutes. Its role may be one of samples/roles: create it first with 'az role definition create', or update an older one with 'az role definition update' (see 'Rights' in the README). ${readAtOnce}`,
  },
  EA203: {
    title: "Azure has no capacity for this container group right now.",
    next: "Try again later, ask for less CPU or memory, or use a subnet in another region. To try other sizes and places automatically, set 'fallbacks'.",
  },
  EA204: {
    title: "A quota of the subscription is used up.",
    next: "Delete container groups that are not needed, or ask for a higher quota in the portal (Subscription > Usage + quotas).",
  },
  EA205: {
    title: "The service is throttling requests.",
    next: "Run again after the time named in the cause. Start fewer agents at the same time: Azure allows about 100 creations in five minutes and 300 an hour. To try other sizes and places automatically, set 'fallbacks'.",
  },
  EA206: {
    title: "A resource provider is not registered in the subscription.",
    next: "Register the provider that the cause names with the command in the message. It takes effect after a few minutes.",
  },
  EA207: {
    title: "A resource group was not found.",
    next: "Check the group that the cause names: resourceGroupName for the container groups, vnetResourceGroupName or subnetId for the network; and that the service connection belongs to the right subscription.",
  },
  EA208: {
    title: "Azure refused the request.",
    next: "Read the cause: it says what Azure does not accept. If it names none of your inputs, run again. If the problem persists, report it with the code.",
  },
  EA209: {
    title: "Azure did not answer as expected.",
    next: "Try again. If the problem persists, see the Azure status page and the activity log of the resource group.",
  },
  EA212: {
    title: "A policy requires a tag that the container group does not have.",
    next: "Add the tag that the cause names to the input tags, one name=value a line. The owner of the policy assignment knows which values are allowed, or can exempt the resource group.",
  },
  EA213: {
    title: "A policy does not allow this region.",
    next: "Use a subnet in a region that the policy allows. Without a subnet, set location to such a region. The owner of the policy assignment can allow the region or exempt the resource group.",
  },
  EA214: {
    title: "A policy does not allow this container group.",
    next: "Read the policy and its rule in the cause, and change the input that the rule checks (tags, location, subnetId, imageName, registryIdentity). Otherwise ask the owner of the policy assignment, at the scope in the cause, to exempt the resource group (az policy exemption create). A role assignment does not help.",
  },
  EA215: {
    title: "This subscription may not use the region or the service.",
    next: "Use a subnet or a location in another region, or ask Azure support to open this one for the subscription (portal: Help + support). Neither a policy nor a role is the reason.",
  },
  EA216: {
    title: "A deny assignment forbids this, whatever roles the service connection has.",
    next: "Use a resource group and a network that are not managed by something else: a deployment stack, a managed application or a blueprint made the deny assignment that the cause names, and only its owner can change it.",
  },
  EA217: {
    title: "The subscription was not found.",
    next: "Open the service connection in the project settings and compare its subscription id with the cause. The subscription must exist, be in the tenant of the connection's identity, and that identity must have a role in it.",
  },
  EA218: {
    title: "A lock prevents this.",
    next: "Remove the lock at the scope that the cause names (the command in the message lists it), or give the agents a resource group without one. What could not be deleted stays until then. The container ends with its job, and the next cleanup removes it.",
  },
  EA219: {
    title: "The subscription is disabled and cannot be changed.",
    next: "Ask the owner of the subscription to enable it again (portal: Subscriptions > the subscription named in the cause). The usual reason is a budget, a spending limit or an unpaid bill.",
  },
  EA220: {
    title: "The resource group is being deleted.",
    next: "Wait until the deletion has finished, and create the resource group again with its role assignments. Or name another one in resourceGroupName.",
  },
  EA230: {
    title: "The standby pool gave no agent, so a container group is started cold.",
    next: "Nothing to do if the pool was just empty: it refills itself within minutes. If this comes again, run the action check with standbyPool: it names what is wrong with the pool, its profile and its roles (docs/standby.md).",
  },
  EA231: {
    title: "The standby pool's containers are not what this step asks for, so a container group is started cold.",
    next: "Make the inputs and the pool's profile the same: run samples/setup/standby-pool.sh with the image, size, subnet and variables of this step, or leave standbyPool out here.",
  },
  EA232: {
    title: "Azure is still changing this, and takes no other request for it meanwhile.",
    next: "None of your inputs is wrong: an earlier request for what the cause names is still being carried out. Run again in a few minutes. The next cleanup removes what could not be deleted.",
  },
} as const satisfies Record<string, CatalogEntry>;
