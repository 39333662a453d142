// Checks that the subnet has enough free IP addresses.

import type { SubnetView } from "../check-ports.ts";
import { type Found, ok, warning, wrong } from "../finding.ts";

/** Azure keeps five addresses of every range for itself. */
const kept = 5;

/** Addresses of all ranges that something may have; container groups have IPv4 addresses only (facts §3.1). */
function capacity(prefixes: readonly string[]): number {
  const sizes = prefixes
    .filter((prefix) => !prefix.includes(":"))
    .map((prefix) => 2 ** (32 - Number(prefix.split("/")[1])));
  return sizes.reduce((sum, size) => sum + Math.max(0, size - kept), 0);
}

/** Groups hang in start and stop when the last addresses are taken (facts aci-azure-sdk §3.1), so some stay spare. */
const spare = 2;

/** @param used addresses in use, @param wanted addresses for this step's agents */
export function judgeAddresses(id: string, subnet: SubnetView, used: number, wanted: number): Found {
  const subject = `addresses of ${subnet.name}`;
  const all = capacity(subnet.addressPrefixes);
  const free = Math.max(0, all - used);
  const found = `${free} of ${all} free`;
  if (free >= wanted + spare) return ok(subject, found);
  const full = free < wanted;
  return (full ? wrong : warning)(subject, {
    found: full ? `full: ${found}, ${wanted} needed` : found,
    cause: `${subnet.addressPrefixes.join(", ")} has ${all} usable addresses, and each container group takes one.`,
    fix: `Delete container groups that are not needed, or widen the empty subnet: az network vnet subnet update --ids ${id} --address-prefixes A.B.C.D/24`,
  });
}
