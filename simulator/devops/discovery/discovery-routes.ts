// The routes by which clients find resources: OPTIONS, and the resource areas.
import type { Api } from "../api-routes.ts";
import { collection } from "../json-fields.ts";
import { ServiceError } from "../service-error.ts";
import { areas, type ResourceArea } from "./resource-areas.ts";
import { type Location, locations } from "./resource-locations.ts";

const everyone = { agents: true };

/** How clients find out where each resource is: OPTIONS on an area, or on all, and the areas' addresses. */
export function serveLocations(api: Api, serverUrl: string): void {
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
  const areaView = ({ id, name }: ResourceArea): object => ({ id, name, locationUrl: serverUrl });
  api.route("GET", "_apis/ResourceAreas", () => ({ status: 200, body: collection(areas.map(areaView)) }), everyone);
  api.route(
    "GET",
    "_apis/ResourceAreas/:areaId",
    (request) => {
      const wanted = request.param("areaId").toLowerCase();
      const found = areas.find(({ id }) => id === wanted);
      if (found !== undefined) return { status: 200, body: areaView(found) };
      throw new ServiceError(404, "ResourceAreaNotFoundException", `No resource area found with identifier ${wanted}.`);
    },
    everyone,
  );
}

function locationView({ released, ...location }: Location): object {
  return { ...location, maxVersion: "7.2", releasedVersion: released ? "7.1" : "0.0" };
}
