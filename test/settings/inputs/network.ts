// Inputs of the network.
import { subscription } from "../../in-memory/raw-inputs.ts";
import { making, type Rows } from "./rows.ts";

const networks = (group: string, of = subscription) =>
  `/subscriptions/${of}/resourceGroups/${group}/providers/Microsoft.Network/virtualNetworks`;
const subnet = `${networks("rg-net")}/vnet/subnets/agents`;
const standbyPool = (group: string, of = subscription) =>
  `/subscriptions/${of}/resourceGroups/${group}/providers/Microsoft.StandbyPool/standbyContainerGroupPools/agents`;
const named = { vnetResourceGroupName: "rg-net", vnetName: "vnet", subnetName: "agents" };

export const network: Readonly<Record<string, Rows>> = {
  location: making({
    of: ({ placements }) => placements[0].location,
    good: { westeurope: "westeurope", "West Europe": "West Europe", eastus2: "eastus2" },
    bad: { "west-europe": /^location: found 'west-europe'; allowed: a region/, "east;us": /^location: / },
    absent: { is: undefined },
  }),
  subnetId: making({
    of: ({ placements }) => placements[0].subnetId,
    good: { [subnet]: subnet, [subnet.toLowerCase()]: subnet.toLowerCase() },
    bad: {
      agents: /^subnetId: found 'agents'; allowed: \/subscriptions\//,
      [networks("rg-net")]: /^subnetId: /,
      [`${subnet}/`]: /^subnetId: /,
      [`${subnet}?api-version=1`]: /^subnetId: /,
      [`${networks("rg net")}/vnet/subnets/agents`]: /^subnetId: /,
      [`${networks("rg", "22222222-2222-2222-2222-222222222222")}/v/subnets/s`]:
        /^subnetId: .*must be in the service connection's subscription/,
    },
    absent: { is: undefined },
  }),
  vnetResourceGroupName: making({
    beside: { inputs: { vnetName: "vnet", subnetName: "agents" } },
    of: ({ placements }) => placements[0].subnetId,
    good: { "rg-net": subnet, "RG.(1)": `${networks("RG.(1)")}/vnet/subnets/agents` },
    bad: {
      "rg.": /^vnetResourceGroupName: found 'rg\.'; allowed: up to 90/,
      "rg/providers/x": /^vnetResourceGroupName: /,
      "my group": /^vnetResourceGroupName: /,
    },
    absent: { is: `${networks("rg-agents")}/vnet/subnets/agents` },
  }),
  vnetName: making({
    beside: { inputs: { ...named, vnetName: undefined } },
    of: ({ placements }) => placements[0].subnetId,
    good: { vnet: subnet, "my_vnet.1-a": `${networks("rg-net")}/my_vnet.1-a/subnets/agents` },
    bad: { "vnet/x": /^vnetName: found 'vnet\/x'; allowed: up to 80/, "-vnet": /^vnetName: /, "vnet.": /^vnetName: / },
    absent: { needed: /^vnetName: nothing was given; it is needed with subnetName 'agents'/ },
  }),
  subnetName: making({
    beside: { inputs: { ...named, subnetName: undefined } },
    of: ({ placements }) => placements[0].subnetId,
    good: { agents: subnet },
    bad: {
      "agents?": /^subnetName: found 'agents\?'; allowed: up to 80/,
      "a b": /^subnetName: /,
      ["s".repeat(81)]: /^subnetName: /,
    },
    absent: { is: undefined },
  }),
  dnsServers: making({
    beside: { inputs: named },
    of: ({ container }) => container.dns?.servers,
    good: {
      "10.0.0.4": ["10.0.0.4"],
      "10.0.0.4, 10.0.0.5;168.63.129.16\n1.1.1.1": ["10.0.0.4", "10.0.0.5", "168.63.129.16", "1.1.1.1"],
    },
    bad: {
      "10.0.0.256": /^dnsServers: found '10\.0\.0\.256'; allowed: IPv4 addresses/,
      "dns.contoso.com": /^dnsServers: /,
      "10.0.0.4/24": /^dnsServers: /,
      "fd00::4": /^dnsServers: /,
    },
    absent: { is: undefined },
  }),
  dnsSearchDomains: making({
    beside: { inputs: { ...named, dnsServers: "10.0.0.4" } },
    of: ({ container }) => container.dns?.search,
    good: { "shop.internal": "shop.internal", "shop.internal, contoso.com;local": "shop.internal contoso.com local" },
    bad: {
      "-shop": /^dnsSearchDomains: found '-shop'; allowed: domains/,
      "a..b": /^dnsSearchDomains: /,
      "https://shop": /^dnsSearchDomains: /,
    },
    absent: { is: undefined },
  }),
  standbyPool: making({
    of: ({ standbyPoolId }) => standbyPoolId,
    good: { agents: standbyPool("rg-agents"), [standbyPool("rg-pools")]: standbyPool("rg-pools") },
    bad: {
      "my pool": /^standbyPool: found 'my pool'; allowed: a pool's name of 3 to 24/,
      ab: /^standbyPool: /,
      [`${standbyPool("rg-pools")}/x`]: /^standbyPool: /,
      [standbyPool("rg-pools", "22222222-2222-2222-2222-222222222222")]:
        /^standbyPool: .*must be in the service connection's subscription/,
    },
    absent: { is: undefined },
  }),
  fallbacks: making({
    beside: { inputs: named },
    of: ({ placements }) => placements.slice(1),
    good: {
      "CPU=2 memory=4": [{ subnetId: subnet, cpu: 2, memoryInGB: 4 }],
      "subnetName=b, location=northeurope": [
        { subnetId: subnet.replace("agents", "b"), location: "northeurope", cpu: 1, memoryInGB: 2 },
      ],
      [`\n\nsubnetId=${subnet}\r\ncpu=0.5,\n`]: [
        { subnetId: subnet, cpu: 1, memoryInGB: 2 },
        { subnetId: subnet, cpu: 0.5, memoryInGB: 2 },
      ],
    },
    bad: {
      "CPU=99": /^fallbacks: found 'CPU=99'; CPU: allowed: a number/,
      "memory=1.25": /^fallbacks: found 'memory=1\.25'; memory: allowed: .* in steps of 0\.1/,
      "cores=2": /^fallbacks: found 'cores=2'; allowed in a line: subnetId=/,
      "CPU 2": /^fallbacks: /,
      "vnetResourceGroupName=a/b subnetName=c": /^fallbacks: .*vnetResourceGroupName: allowed: up to 90/,
    },
    absent: { is: [] },
  }),
};
