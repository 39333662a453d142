// What went over the wire and nobody may see again: credentials that requests carried, and what a container was given.
import type { SimRequest } from "../../../simulator/http/https-site.ts";
import type { Simulator } from "../../../simulator/start-simulator.ts";
import type { Place, Secrets } from "./secret-values.ts";
import { poolKey, unsealed } from "./unseal.ts";

/** Fields of an agent's key that are not public. */
const privateFields = ["d", "dp", "dq", "inverseQ", "p", "q"];

interface GroupBody {
  readonly properties: {
    readonly volumes?: readonly { readonly secret?: Readonly<Record<string, string>> }[];
    readonly imageRegistryCredentials?: readonly object[];
    readonly containers?: readonly {
      readonly properties: { readonly configMap?: { readonly keyValuePairs: Readonly<Record<string, string>> } };
    }[];
  };
}

const decoded = (text: string): string => Buffer.from(text, "base64").toString("utf8");

/** Learns the secrets that come into being on the way. @returns the bodies of all creations, without the pull password */
export function learnFromTheWire(simulator: Simulator, secrets: Secrets): Place[] {
  const { faults } = simulator;
  const learnKey = (rsaparams: string): void => {
    const key = JSON.parse(rsaparams) as Record<string, string>;
    for (const field of privateFields) secrets.add(`agent's key, ${field}`, key[field] ?? "");
  };
  const bodies: Place[] = [];
  const learnToken =
    (name: string) =>
    ({ headers }: SimRequest) => {
      const [, scheme, value = ""] = /^(Bearer|Basic) (\S+)$/i.exec(headers.authorization ?? "") ?? [];
      if (scheme?.toLowerCase() === "bearer") secrets.add(name, value);
      return undefined;
    };
  faults.add({ site: "arm", effect: { call: learnToken("access token for Azure") } });
  faults.add({ site: "devops", effect: { call: learnToken("token of a job or an agent") } });
  faults.add({
    site: "arm",
    method: "PUT",
    path: /\/containerGroups\//i,
    effect: {
      call({ body, url }) {
        const { properties, ...rest } = JSON.parse(body.toString("utf8")) as GroupBody;
        const { imageRegistryCredentials: _, volumes = [], ...others } = properties;
        const files = volumes.flatMap(({ secret = {} }) => Object.entries(secret));
        for (const [name, content] of files) {
          if (name !== "rsaparams.json") bodies.push([`file ${name} of the container's volume`, decoded(content)]);
          else learnKey(decoded(content));
        }
        for (const { properties: its } of properties.containers ?? []) {
          const packed = its.configMap?.keyValuePairs["agent.sealed"];
          if (packed) learnKey(unsealed(packed, poolKey(simulator))["rsaparams.json"] ?? "");
        }
        bodies.push([`PUT ${url.pathname}`, JSON.stringify({ ...rest, ...others })]);
        return undefined;
      },
    },
  });
  return bodies;
}
