// Checks that the subnet is delegated to container instances (facts aci-azure-sdk §3.1).

import type { SubnetView } from "../check-ports.ts";
import { type Found, ok, wrong } from "../finding.ts";

const service = "Microsoft.ContainerInstance/containerGroups";
const same = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();

/** What is in it, or may come into it, that is no container group. */
function otherUses({ delegations, links, ipConfigurations }: SubnetView): string[] {
  return [
    ...delegations.filter((name) => !same(name, service)).map((name) => `delegated to ${name}`),
    ...links.filter((type) => !same(type, service)).map((type) => `linked to ${type}`),
    // …/networkInterfaces/NAME/ipConfigurations/NAME
    ...ipConfigurations.map((id) => `in use by ${id.split("/").slice(-4, -2).join(" ")}`),
  ];
}

/** @param id of the subnet */
export function judgeDelegation(id: string, subnet: SubnetView): Found {
  const subject = `delegation of ${subnet.name}`;
  const others = otherUses(subnet);
  if (others.length > 0) {
    const [, group = "", network = ""] = /resourceGroups\/([^/]+)\/.*virtualNetworks\/([^/]+)/i.exec(id) ?? [];
    return wrong(subject, {
      found: others.join(", "),
      cause: "Azure puts container groups only into a subnet that is delegated to them and holds nothing else.",
      fix: `az network vnet subnet create --resource-group ${group} --vnet-name ${network} --name snet-ephemeral-agents --address-prefixes A.B.C.D/26 --delegations ${service}`,
    });
  }
  if (subnet.delegations.length > 0) return ok(subject, `to ${service}, and nothing else in it`);
  return wrong(subject, {
    found: "not delegated",
    cause: `Azure puts container groups only into a subnet that is delegated to ${service}.`,
    fix: `az network vnet subnet update --ids ${id} --delegations ${service}`,
  });
}
