// Checks how containers in a subnet reach Azure DevOps, and which DNS servers they use.
import { usableServers } from "../../plan/dns-servers.ts";
import type { CheckSettings } from "../../settings/settings.ts";
import type { SubnetView, VirtualNetworkView } from "../check-ports.ts";
import { type Found, ok, warning } from "../finding.ts";

const nameOf = (id: string) => id.split("/").at(-1);

/** A NAT gateway is the only way out that is documented as supported (facts aci-azure-sdk §3.1). */
function natGateway(id: string, { name, natGatewayId, routeTableId }: SubnetView): Found {
  const subject = `outbound access of ${name}`;
  if (natGatewayId !== undefined) return ok(subject, `NAT gateway ${nameOf(natGatewayId)}`);
  return warning(subject, {
    found:
      routeTableId === undefined ? "no NAT gateway" : `no NAT gateway; route table ${nameOf(routeTableId)} decides`,
    cause:
      "Without outbound access, the agent cannot reach Azure DevOps, and a NAT gateway is the only way that Azure supports for container instances.",
    fix: `az network vnet subnet update --ids ${id} --nat-gateway NAT_GATEWAY_ID`,
  });
}

function securityGroup({ name, securityGroupId }: SubnetView): Found[] {
  if (securityGroupId === undefined) return [];
  return [ok(`security group of ${name}`, `${nameOf(securityGroupId)}: it must let HTTPS out to Azure DevOps`)];
}

/** Containers do not inherit the DNS servers of the virtual network; this task passes them on. */
function dns({ dns: given }: CheckSettings["container"], { dnsServers }: VirtualNetworkView, name: string): Found {
  const servers = given?.servers ?? dnsServers;
  const whose = given ? "as dnsServers has them" : "the virtual network's own";
  const { used, dropped } = usableServers(servers);
  const told = used.length > 0 ? `${used.join(", ")}, ${whose}` : "Azure's own";
  if (dropped.length === 0) return ok(`DNS in ${name}`, told);
  return warning(`DNS in ${name}`, {
    found: told,
    cause: `${dropped.join(", ")}: a container asks three servers, by IPv4.`,
    fix: "Set dnsServers to the three that know the names that the agent and its job need.",
  });
}

export function judgeWayOut(
  id: string,
  subnet: SubnetView,
  network: VirtualNetworkView,
  { container }: Pick<CheckSettings, "container">,
): Found[] {
  return [natGateway(id, subnet), ...securityGroup(subnet), dns(container, network, subnet.name)];
}
