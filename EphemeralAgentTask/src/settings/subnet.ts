// Reads the subnet, by its ID or by names.
import type { Reader } from "./input-reader.ts";

const subnetForm =
  /^\/subscriptions\/([\w-]+)\/resourceGroups\/[\p{L}\p{Mn}\p{Nd}\p{Pc}.()-]{1,90}\/providers\/Microsoft\.Network\/virtualNetworks\/[\w.-]+\/subnets\/[\w.-]+$/iu;

/** Of a resource group's name: letters and digits of any script, as .NET's `\w` has them (Azure's naming rules). */
export const groupForm = /^[\p{L}\p{Mn}\p{Nd}\p{Pc}.()-]{0,89}[\p{L}\p{Mn}\p{Nd}\p{Pc}()-]$/u;
export const groupRule = "allowed: up to 90 letters, digits, '_', '-', '.', '(' and ')', not ending with '.'";

const nameForm = /^[A-Za-z0-9]([\w.-]{0,78}[\w])?$/;
const nameRule = "allowed: up to 80 letters, digits, '_', '-' and '.'";

/**
 * The subnet's resource id, or undefined for no subnet.
 * @param subscriptionId of the service connection: ACI joins no subnet of another (facts aci-azure-sdk §3.1)
 */
export function subnetId(reader: Reader, subscriptionId: string, resourceGroupName: string): string | undefined {
  const id = reader.optional("subnetId");
  const group = reader.optional("vnetResourceGroupName");
  const vnetGroup = reader.matching("vnetResourceGroupName", groupForm, groupRule, group);
  const vnet = reader.matching("vnetName", nameForm, nameRule, reader.optional("vnetName"));
  const subnet = reader.matching("subnetName", nameForm, nameRule, reader.optional("subnetName"));
  if (id !== undefined) {
    const parts = subnetForm.exec(id);
    if (!parts) {
      reader.wrong(
        "subnetId",
        id,
        "allowed: /subscriptions/…/resourceGroups/…/providers/Microsoft.Network/virtualNetworks/…/subnets/…",
      );
    } else if (subscriptionId !== "" && parts[1]?.toLowerCase() !== subscriptionId.toLowerCase()) {
      reader.wrong("subnetId", id, `the subnet must be in the service connection's subscription ${subscriptionId}`);
    }
    if (subnet !== undefined)
      reader.wrong("subnetName", subnet, "give either subnetId or the names of the subnet, not both");
    return id;
  }
  // Without a subnet name there is no virtual network: the predecessor's pipelines rely on it.
  if (subnet === undefined) return undefined;
  if (vnet === undefined) {
    reader.missing("vnetName", `it is needed with subnetName '${reader.shown("subnetName", subnet)}'`);
    return undefined;
  }
  return `/subscriptions/${subscriptionId}/resourceGroups/${vnetGroup ?? resourceGroupName}/providers/Microsoft.Network/virtualNetworks/${vnet}/subnets/${subnet}`;
}
