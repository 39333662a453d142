// Reads the placements of container groups: the inputs themselves, and each line of `fallbacks`.

import { Reader } from "./input-reader.ts";
import type { CommonSettings, Placement } from "./settings.ts";
import { subnetId } from "./subnet.ts";

type Shared = Pick<CommonSettings, "azure" | "resourceGroupName">;

const named = ["vnetResourceGroupName", "vnetName", "subnetName"];
const changeable = ["subnetId", ...named, "location", "CPU", "memory"];

function placement(reader: Reader, { azure, resourceGroupName }: Shared): Placement {
  const region = reader.optional("location");
  const location = reader.matching("location", /^[A-Za-z0-9 ]+$/, "allowed: a region such as westeurope", region);
  const subnet = subnetId(reader, azure.subscriptionId, resourceGroupName);
  return {
    ...(location === undefined ? {} : { location }),
    ...(subnet === undefined ? {} : { subnetId: subnet }),
    // Finer steps are refused (facts aci-azure-sdk §3.3).
    cpu: reader.number("CPU", 1, { min: 0.1, max: 31, step: 0.01, unit: "cores" }),
    memoryInGB: reader.number("memory", 2, { min: 0.1, max: 240, step: 0.1, unit: "GB" }),
  };
}

/** One line: `subnetName=snet-b CPU=2`. What it does not name stays as the inputs have it. */
function fallback(reader: Reader, line: string, shared: Shared): Placement | undefined {
  const changes = new Map<string, string>();
  for (const part of line.split(/[\s,;]+/).filter((one) => one !== "")) {
    const [key = "", value = ""] = part.split(/=(.*)/s);
    const name = changeable.find((one) => one.toLowerCase() === key.toLowerCase());
    if (name === undefined || value === "") {
      reader.wrong("fallbacks", part, `allowed in a line: ${changeable.map((one) => `${one}=…`).join(" ")}`);
      return undefined;
    }
    changes.set(name, value);
  }
  // Another subnet is another place altogether: neither the first one's id, names nor region belong to it.
  const elsewhere = changes.has("subnetId") ? named : named.some((name) => changes.has(name)) ? ["subnetId"] : [];
  const dropped = new Set(elsewhere.length > 0 ? [...elsewhere, "location"] : []);
  const input = (name: string) => changes.get(name) ?? (dropped.has(name) ? undefined : reader.raw.input(name));
  const own = new Reader({ ...reader.raw, input });
  const found = placement(own, shared);
  for (const problem of own.problems) {
    if (changes.has(problem.input) || elsewhere.length > 0)
      reader.wrong("fallbacks", line, `${problem.input}: ${problem.allowed}`);
  }
  return found;
}

/** Each is tried in turn, so that many would take hours. */
const most = 20;

function fallbackLines(reader: Reader): string[] {
  const lines = reader.lines("fallbacks").map(({ text }) => text);
  if (lines.length > most) reader.wrong("fallbacks", `${lines.length} lines`, `up to ${most} lines are allowed`);
  return lines.slice(0, most);
}

/** The first choice and the fallbacks, in the order they are tried. */
export function placements(reader: Reader, shared: Shared): [Placement, ...Placement[]] {
  const others = fallbackLines(reader).flatMap((line) => fallback(reader, line, shared) ?? []);
  const all: [Placement, ...Placement[]] = [placement(reader, shared), ...others];
  // Azure takes DNS servers for a group in a virtual network only.
  const servers = reader.raw.input("dnsServers")?.trim();
  if (servers && all.some((one) => one.subnetId === undefined))
    reader.wrong("dnsServers", servers, "they take a subnet: name one with subnetId, or with vnetName and subnetName");
  return all;
}
