// Checks the virtual network and the subnet of one placement.
import { TaskError } from "../../errors/catalog.ts";
import { sameRegion } from "../../plan/region-name.ts";
import type { Placement } from "../../settings/settings.ts";
import { failed, faulty, isForbidden, isMissing, type Look } from "../check-context.ts";
import type { VirtualNetworkView } from "../check-ports.ts";
import { type Found, ok, warning, wrong } from "../finding.ts";
import { judgeWayOut } from "./outbound-access.ts";
import { checkRights, needsOfNetwork, needsOfSubnet } from "./role-permissions.ts";
import { judgeAddresses } from "./subnet-addresses.ts";
import { judgeDelegation } from "./subnet-delegation.ts";

interface NetworkLook {
  readonly found: Found[];
  /** Where the container groups go, where that is known. */
  readonly location?: string;
}

function judgeRegion(network: VirtualNetworkView, wanted: string | undefined, name: string): Found {
  const subject = `region of ${name}`;
  if (wanted === undefined || sameRegion(wanted, network.location)) return ok(subject, network.location);
  return wrong(subject, {
    found: `${network.location}, and location asks for ${wanted}`,
    cause: "A container group is always in the region of its virtual network.",
    fix: `Leave the input location empty, or set it to ${network.location}.`,
  });
}

/** Without a subnet the agent works, but reaches nothing private. */
function judgeNoSubnet(): Found {
  const { reason, message } = new TaskError("EA304", "No subnet is given.");
  return warning("virtual network", {
    found: "none: the containers get public egress and reach no private network",
    cause: reason,
    fix: message.split("Next step: ")[1] ?? "",
  });
}

/** @param principal object id of the signed-in identity */
export async function checkNetwork(look: Look, placement: Placement, principal: string): Promise<NetworkLook> {
  const { azure, settings, read } = look;
  const { subnetId: id, location: wanted } = placement;
  if (id === undefined) return { found: [judgeNoSubnet()], ...(wanted === undefined ? {} : { location: wanted }) };
  const networkId = id.replace(/\/subnets\/[^/]+$/i, "");
  const [networkName, name] = [networkId, id].map((one) => one.split("/").at(-1) ?? "");
  const subject = `virtual network ${networkName}`;
  const network = await read("virtualNetwork", () => azure.virtualNetwork(networkId));
  if (failed(network) && isMissing(network)) {
    const fix =
      "Check subnetId, or vnetResourceGroupName, vnetName and subnetName: az network vnet list --output table";
    return { found: [wrong(subject, { found: "does not exist", cause: network.message, fix })] };
  }
  const onNetwork = await checkRights(look, networkId, needsOfNetwork, principal);
  if (failed(network)) {
    if (!isForbidden(network)) return { found: [faulty(subject, network)] };
    // Where the rights can be read, they name what is missing.
    const known = onNetwork.roles !== undefined;
    return { found: known ? [...onNetwork.found, ...(await onSubnet())] : [faulty(subject, network)] };
  }
  const { location } = network;
  const subnet = network.subnets.find((one) => one.name.toLowerCase() === name?.toLowerCase());
  if (subnet === undefined) {
    const names = network.subnets.map((one) => one.name).join(", ");
    const fix = `Check the subnet's name. az network vnet subnet list --ids ${networkId} --output table`;
    const found = wrong(`subnet ${name}`, { found: "does not exist", cause: `${networkName} has: ${names}.`, fix });
    return { found: [found, ...onNetwork.found], location };
  }
  const shown = await read("addressesInUse", () => azure.addressesInUse(networkId));
  // When it cannot be read, the subnet's own data decides.
  const counted = failed(shown) ? 0 : (shown[id.toLowerCase()] ?? 0);
  const used = Math.max(counted, subnet.ipConfigurations.length);
  return {
    location,
    found: [
      ok(`subnet ${subnet.name}`, `exists in ${networkName}`),
      judgeDelegation(id, subnet),
      judgeRegion(network, wanted, subnet.name),
      judgeAddresses(id, subnet, used, settings.agentCount),
      ...judgeWayOut(id, subnet, network, settings),
      ...onNetwork.found,
      ...(await onSubnet()),
    ],
  };

  async function onSubnet(): Promise<Found[]> {
    return (await checkRights(look, id ?? "", needsOfSubnet, principal)).found;
  }
}
