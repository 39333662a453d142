// The images that requests for container groups name.
import type { SimRequest } from "../../../simulator/http/https-site.ts";
import type { Simulator } from "../../../simulator/start-simulator.ts";

/** What each request for a container group says of its image. */
interface Asked {
  readonly image: string;
  readonly credentials: readonly Readonly<Record<string, string>>[];
}

/** Looks at what passes on its way to Azure. */
export function groupsAsked({ faults }: Simulator): Asked[] {
  const asked: Asked[] = [];
  const look = ({ body }: SimRequest) => {
    const { properties } = JSON.parse(body.toString()) as {
      properties: { containers: { properties: { image: string } }[]; imageRegistryCredentials?: Asked["credentials"] };
    };
    const image = properties.containers[0]?.properties.image ?? "";
    asked.push({ image, credentials: properties.imageRegistryCredentials ?? [] });
    return undefined;
  };
  faults.add({ site: "arm", method: "PUT", path: /\/containerGroups\/[^/]+\?/i, effect: { call: look } });
  return asked;
}
