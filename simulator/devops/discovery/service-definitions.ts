// The service definitions by which agents find resources.

import { areas } from "./resource-areas.ts";
import { type Location, locations } from "./resource-locations.ts";

/** The instance type of Azure DevOps itself. */
export const serviceOwner = "00025394-6065-48ca-87d9-7f5672854ef7";

const monikers = ["PublicAccessMapping", "HostGuidAccessMapping"];

/** Of every organization: where the location service itself is, and the one above it. */
const selfReference = "464ccb8d-abaf-4793-b927-cfdc107791ee";
const root = "951917ac-a960-4999-8464-e3f0aa25b381";

export function accessMappings(serverUrl: string): object[] {
  return monikers.map((moniker) => ({
    displayName: moniker.replace(/([a-z])([A-Z])/g, "$1 $2"),
    moniker,
    accessPoint: serverUrl,
    serviceOwner,
    virtualDirectory: "",
  }));
}

/**
 * What connection data tells with `connectOptions=1`. A .NET client looks its area up among the entries of type
 * `LocationService2`, by the area's id, and then the resource by the location's id among the entries that have a
 * `resourceVersion`; it asks nothing else to find a resource (actions/runner, `Sdk/WebApi/WebApi/Location`).
 */
export function serviceDefinitions(serverUrl: string): object[] {
  const services = [
    { id: selfReference, name: "Location Service" },
    { id: root, name: "Root Location Service" },
    ...areas,
  ];
  return [...services.map(({ id, name }) => serviceView(id, name, serverUrl)), ...locations.map(resourceView)];
}

function serviceView(identifier: string, displayName: string, location: string): object {
  return {
    serviceType: "LocationService2",
    identifier,
    displayName,
    relativeToSetting: "fullyQualified",
    description: "",
    serviceOwner,
    locationMappings: monikers.map((accessMappingMoniker) => ({ accessMappingMoniker, location })),
    toolId: "Framework",
    status: "active",
  };
}

function resourceView(location: Location): object {
  return {
    serviceType: location.area,
    identifier: location.id,
    displayName: location.resourceName,
    relativeToSetting: "context",
    description: "Resource Location",
    serviceOwner,
    locationMappings: [],
    toolId: "Framework",
    relativePath: location.routeTemplate,
    resourceVersion: location.resourceVersion,
    minVersion: location.minVersion,
    maxVersion: "7.2",
    releasedVersion: location.released ? "7.1" : "0.0",
  };
}
