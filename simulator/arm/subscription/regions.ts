// The regions of the simulated Azure, and the resource types that have none.
import { armError } from "../arm-error.ts";

const displayNames = [
  ...["West Europe", "North Europe", "East US", "East US 2", "West US", "West US 2", "Central US", "UK South"],
  ...["France Central", "Germany West Central", "Switzerland North", "Sweden Central", "Australia East", "Japan East"],
];

const byName = new Map(displayNames.map((displayName) => [normal(displayName), displayName]));

/** Types that are in no region. */
const everywhere = /^Microsoft\.Network\/privateDnsZones(\/|$)/i;

interface Location {
  readonly name: string;
  readonly displayName: string;
}

export function locations(): Location[] {
  return [...byName].map(([name, displayName]) => ({ name, displayName }));
}

/**
 * The name of a region however it is written: `West Europe` is `westeurope`.
 * @throws Refused when it is missing or no region offers the type.
 */
export function regionName(location: unknown, type: string): string {
  if (typeof location !== "string" || location === "") {
    throw armError(400, "LocationRequired", "The location property is required for this definition.");
  }
  const name = normal(location);
  if (byName.has(name) || (name === "global" && everywhere.test(type))) return name;
  const message = `The provided location '${location}' is not available for resource type '${type}'. List of available regions for the resource type is '${[...byName.keys()].join(",")}'.`;
  throw armError(400, "LocationNotAvailableForResourceType", message);
}

function normal(location: string): string {
  return location.toLowerCase().replaceAll(" ", "");
}
