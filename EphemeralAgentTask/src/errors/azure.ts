// What Azure refuses: 2xx Azure itself; signing in is in a file of its own.
import type { CatalogueEntry } from "../errors.ts";
import { readAtOnce } from "./advice.ts";

export const azure = {
  EA202: {
    title: "The service connection's identity may not do this in Azure.",
    next: `Check that azureSubscription names the right service connection. If it does, run the command in the cause; it takes effect after some minutes. The roles are in samples/roles: create them first with 'az role definition create', and bring older ones up to date with 'az role definition update' (see 'Rights' in the README). ${readAtOnce}`,
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
    title: "A resource provider is not registered in the subscription.",
    next: "Register the provider that the cause names; the command above does it, and takes effect after some minutes.",
  },
  EA207: {
    title: "A resource group was not found.",
    next: "Check the group that the cause names: resourceGroupName for the container groups, vnetResourceGroupName or subnetId for the network; and that the service connection belongs to the right subscription.",
  },
  EA208: {
    title: "Azure refused the request.",
    next: "Read the cause; it names the property. If it is not one of your inputs, please report it with the code.",
  },
  EA209: {
    title: "Azure did not answer as expected.",
    next: "Try again; if it stays, look at the Azure status page and at the activity log of the resource group.",
  },
  EA212: {
    title: "A policy requires a tag that the container group does not have.",
    next: "Add the tag that the cause names to the input tags, one name=value a line. Whoever owns the policy's assignment says which values are allowed, or can exempt the resource group.",
  },
  EA213: {
    title: "A policy does not allow this region.",
    next: "Use a subnet in a region that the policy allows, or without a subnet set location to one. Whoever owns the policy's assignment can allow the region or exempt the resource group.",
  },
  EA214: {
    title: "A policy does not allow this container group.",
    next: "Read the policy and its rule in the cause and change the input that they are about (tags, location, subnetId, imageName, registryIdentity); otherwise ask whoever owns the policy's assignment, at the scope in the cause, to exempt the resource group (az policy exemption create). A role does not help.",
  },
  EA215: {
    title: "Azure does not let this subscription use the region or the service.",
    next: "Use a subnet or a location in another region, or ask Azure support to open this one for the subscription (portal: Help + support). No policy of yours and no role is the reason.",
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
    title: "A lock forbids this.",
    next: "Remove the lock at the scope that the cause names (the command above lists it), or give the agents a resource group without one. What could not be deleted stays until then; a container ends with its job, and the next clean-up removes it.",
  },
  EA219: {
    title: "The subscription is disabled and cannot be changed.",
    next: "Ask the owner of the subscription to enable it again (portal: Subscriptions > the subscription named in the cause); a budget, a spending limit or an unpaid bill usually is the reason.",
  },
  EA220: {
    title: "The resource group is being deleted.",
    next: "Wait until the deletion has ended and create the resource group again, with its role assignments; or name another one in resourceGroupName.",
  },
  EA230: {
    title: "The standby pool gave no agent, so a container group is started cold.",
    next: "Nothing to do if the pool was just empty: it refills itself within minutes. If this comes again, run the action check with standbyPool: it names what is wrong with the pool, its profile and its roles (docs/standby.md).",
  },
  EA231: {
    title: "The standby pool's containers are not what this step asks for, so a container group is started cold.",
    next: "Make the inputs and the pool's profile the same: run samples/setup/standby-pool.sh with the image, size, subnet and variables of this step, or leave standbyPool out here.",
  },
} as const satisfies Record<string, CatalogueEntry>;
