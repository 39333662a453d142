// Virtual networks and their subnets.
import { randomUUID } from "node:crypto";
import type { SimResponse } from "../../http/https-site.ts";
import { armError, resourceNotFound } from "../arm-error.ts";
import { type JsonObject, objectBody, objectOf } from "../json-body.ts";
import type { LongRunning } from "../long-running/long-running-operation.ts";
import type { ArmRequest, Gate } from "../request-authorization.ts";
import type { ResourceGroups } from "../resources/resource-groups.ts";
import { tagsOf } from "../resources/tags.ts";
import { regionName } from "../subscription/regions.ts";
import { Subnet } from "./subnet.ts";

const namespace = "Microsoft.Network";
const type = `${namespace}/virtualNetworks`;
const base = `/subscriptions/:subscription/resourceGroups/:resourceGroup/providers/${type}`;
const networkTemplate = `${base}/:network`;
const subnetTemplate = `${networkTemplate}/subnets/:subnet`;

const usual = { virtualNetworkPeerings: [], enableDdosProtection: false };

interface VirtualNetwork {
  readonly id: string;
  readonly name: string;
  readonly location: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly properties: JsonObject;
  readonly etag: string;
  /** By name in lower case. */
  readonly subnets: Map<string, Subnet>;
}

export interface VirtualNetworks {
  /** Creates or replaces a network as a PUT with this body would. */
  put(resourceGroup: string, name: string, body: JsonObject): VirtualNetwork;
  all(): VirtualNetwork[];
  /** The subnet of that id with its network, if both exist. */
  findSubnet(id: string): { readonly network: VirtualNetwork; readonly subnet: Subnet } | undefined;
}

export function serveVirtualNetworks(
  gate: Gate,
  subscriptionId: string,
  groups: ResourceGroups,
  operations: LongRunning,
): VirtualNetworks {
  const networks = new Map<string, VirtualNetwork>();
  const idOf = (resourceGroup: string, name: string): string =>
    `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/${type}/${name}`;
  const asked = (request: ArmRequest) => ({ group: request.param("resourceGroup"), name: request.param("network") });
  const find = (request: ArmRequest): VirtualNetwork => {
    const { group, name } = asked(request);
    const network = networks.get(idOf(groups.require(group).name, name).toLowerCase());
    if (network === undefined) throw resourceNotFound(type, name, group);
    return network;
  };
  const findSubnet = (request: ArmRequest): Subnet => {
    const [network, name] = [find(request), request.param("subnet")];
    const subnet = network.subnets.get(name.toLowerCase());
    if (subnet !== undefined) return subnet;
    const message = `Subnet ${name} could not be found in virtual network ${network.name}.`;
    throw armError(404, "NotFound", message);
  };
  const right =
    (verb: string, below = "") =>
    (request: ArmRequest) => ({
      action: `${type}${below}/${verb}`,
      scope: request.url.pathname.replace(/(?:\/usages)?\/*$/i, ""),
    });
  const route = (
    method: string,
    template: string,
    verb: string,
    handler: (request: ArmRequest) => SimResponse,
  ): void => {
    const below = template.includes("/subnets") ? "/subnets" : "";
    gate({ method, template, namespace, right: right(verb, below), handler });
  };

  const store: VirtualNetworks = {
    put(resourceGroup, name, body) {
      const id = idOf(groups.require(resourceGroup).name, name);
      const { subnets, ...properties } = objectOf(body.properties);
      const before = networks.get(id.toLowerCase());
      const location = regionName(body.location, type);
      const network: VirtualNetwork = {
        ...{ id: before?.id ?? id, name, location, tags: tagsOf(body.tags), subnets: new Map() },
        properties: { resourceGuid: before?.properties.resourceGuid ?? randomUUID(), ...usual, ...properties },
        etag: `W/"${randomUUID()}"`,
      };
      // A PUT replaces the whole list of subnets, which is how people lose them.
      for (const each of Array.isArray(subnets) ? subnets.map(objectOf) : [])
        putSubnet(network, String(each.name), each);
      for (const [key, subnet] of before?.subnets ?? []) {
        if (!network.subnets.has(key)) subnet.requireUnused();
      }
      networks.set(id.toLowerCase(), network);
      return network;
    },
    all: () => [...networks.values()],
    findSubnet(id) {
      const [, networkId, name] = /^(.+)\/subnets\/([^/]+)$/i.exec(id) ?? [];
      const network = networks.get(networkId?.toLowerCase() ?? "");
      const subnet = network?.subnets.get(name?.toLowerCase() ?? "");
      return network && subnet && { network, subnet };
    },
  };

  route("GET", base, "read", (request) => {
    const prefix = idOf(groups.require(request.param("resourceGroup")).name, "").toLowerCase();
    const value = [...networks].filter(([id]) => id.startsWith(prefix)).map(([, network]) => networkView(network));
    return { status: 200, body: { value } };
  });
  route("GET", networkTemplate, "read", (request) => {
    const network = find(request);
    return { status: 200, headers: { etag: network.etag }, body: networkView(network) };
  });
  route("PUT", networkTemplate, "write", (request) => {
    const { group, name } = asked(request);
    const before = networks.get(idOf(groups.require(group).name, name).toLowerCase());
    const network = store.put(group, name, objectBody(request));
    const headers = operations.start("network", request, network);
    // One that changes nothing is answered with an operation as well, but is done already (recorded 2022 to 2024).
    const state = before !== undefined && isAlike(before, network) ? "Succeeded" : "Updating";
    return { status: before === undefined ? 201 : 200, headers, body: networkView(network, state) };
  });
  route("DELETE", networkTemplate, "delete", (request) => {
    const { group, name } = asked(request);
    const network = networks.get(idOf(groups.require(group).name, name).toLowerCase());
    if (network === undefined) return { status: 204 };
    for (const subnet of network.subnets.values()) subnet.requireUnused();
    networks.delete(network.id.toLowerCase());
    return { status: 202, headers: operations.start("network", request, network) };
  });
  route("GET", `${networkTemplate}/subnets`, "read", (request) => ({
    status: 200,
    body: { value: [...find(request).subnets.values()].map((subnet) => subnet.view()) },
  }));
  gate({
    method: "GET",
    template: `${networkTemplate}/usages`,
    namespace,
    right: right("read", "/usages"),
    handler: (request) => ({ status: 200, body: { value: [...find(request).subnets.values()].map(addressUsage) } }),
  });
  route("GET", subnetTemplate, "read", (request) => {
    const subnet = findSubnet(request);
    return { status: 200, headers: { etag: subnet.etag }, body: subnet.view() };
  });
  route("PUT", subnetTemplate, "write", (request) => {
    const [network, name] = [find(request), request.param("subnet")];
    const before = network.subnets.get(name.toLowerCase());
    const subnet = putSubnet(network, name, objectBody(request));
    const headers = operations.start("network", request, network);
    // As with networks, one that changes nothing is done already (recorded 2021 to 2025).
    const state = before === undefined || subnet.differsFrom(before) ? "Updating" : "Succeeded";
    return { status: before === undefined ? 201 : 200, headers, body: subnet.view(state) };
  });
  route("DELETE", subnetTemplate, "delete", (request) => {
    const [network, name] = [find(request), request.param("subnet")];
    network.subnets.get(name.toLowerCase())?.requireUnused();
    if (!network.subnets.delete(name.toLowerCase())) return { status: 204 };
    return { status: 202, headers: operations.start("network", request, network) };
  });
  groups.onDelete(async (id) => {
    for (const key of networks.keys()) if (key.startsWith(`${id.toLowerCase()}/`)) networks.delete(key);
  });
  return store;
}

function putSubnet(network: VirtualNetwork, name: string, body: JsonObject): Subnet {
  const before = network.subnets.get(name.toLowerCase());
  const subnet = new Subnet(`${network.id}/subnets/${name}`, network.location, objectOf(body.properties), before);
  network.subnets.set(name.toLowerCase(), subnet);
  return subnet;
}

function addressUsage({ id, addresses: { used, limit } }: Subnet): object {
  const name = { value: "SubnetSpace", localizedValue: "Subnet size and usage" };
  return { id, name, currentValue: used, limit, unit: "Count" };
}

function isAlike(one: VirtualNetwork, other: VirtualNetwork): boolean {
  const text = (network: VirtualNetwork): string =>
    JSON.stringify(networkView(network), (name, value) => (name === "etag" || name === "tags" ? undefined : value));
  return text(one) === text(other);
}

function networkView(network: VirtualNetwork, provisioningState = "Succeeded"): object {
  const { id, name, location, tags, properties, subnets, etag } = network;
  const views = [...subnets.values()].map((subnet) => subnet.view());
  return {
    id,
    name,
    type,
    location,
    tags,
    etag,
    properties: { provisioningState, ...properties, subnets: views },
  };
}
