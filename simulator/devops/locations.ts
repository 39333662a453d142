import type { Api } from "./api.ts";
import { buildAreaId, type Location, locations, taskAreaId } from "./location-table.ts";
import { collection } from "./wire.ts";

const everyone = { agents: true };

/** How clients find out where each resource is: OPTIONS on an area, or on all, and the areas' addresses. */
export function serveLocations(api: Api, serverUrl: string): void {
  const areas = [
    { id: taskAreaId, name: "distributedtask", locationUrl: serverUrl },
    { id: buildAreaId, name: "build", locationUrl: serverUrl },
  ];
  const all = () => ({ status: 200, body: collection(locations.map(locationView)) });
  api.route("OPTIONS", "_apis", all, everyone);
  api.route("OPTIONS", ":project/_apis", all, everyone);
  for (const template of ["_apis/:area", ":project/_apis/:area"]) {
    const ofArea = (wanted: string) => locations.filter(({ area }) => area.toLowerCase() === wanted.toLowerCase());
    api.route(
      "OPTIONS",
      template,
      (request) => ({ status: 200, body: collection(ofArea(request.param("area")).map(locationView)) }),
      everyone,
    );
  }
  api.route("GET", "_apis/ResourceAreas", () => ({ status: 200, body: collection(areas) }), everyone);
}

function locationView({ id, area, resourceName, routeTemplate, resourceVersion, released }: Location): object {
  return {
    id,
    area,
    resourceName,
    routeTemplate,
    resourceVersion,
    minVersion: "1.0",
    maxVersion: "7.2",
    releasedVersion: released ? "7.1" : "0.0",
  };
}
