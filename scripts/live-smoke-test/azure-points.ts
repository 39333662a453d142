// Open points of Container Instances that need no container: what it refuses, and how.

import { notTried, type Point, seen } from "./point.ts";
import { at, type Reply } from "./raw-requests.ts";
import type { Bench } from "./smoke-test-resources.ts";

const apiVersion = "api-version=2023-05-01";

/** The path of a container group, with its version. */
export const groupPath = ({ host }: Pick<Bench, "host">, name: string, action = ""): string =>
  `${host.resourceGroupId}/providers/Microsoft.ContainerInstance/containerGroups/${name}${action}?${apiVersion}`;

/** A refusal in one line. */
export const refusalOf = ({ status, json }: Reply): string => `${status} ${at(json, "error", "code") ?? "no code"}`;

/** Asks for a container group that cannot be, and takes it away again should it come all the same. */
async function refused(bench: Bench, suffix: string, image: string, subnetId: string): Promise<string> {
  const name = `${bench.plan.name}-${suffix}`;
  const resources = { requests: { cpu: 1, memoryInGB: 1 } };
  const reply = await bench.wire.arm("PUT", groupPath(bench, name), {
    location: bench.location,
    properties: {
      ...{ osType: "Linux", restartPolicy: "Never", subnetIds: [{ id: subnetId }] },
      containers: [{ name: "agent", properties: { image, resources } }],
    },
  });
  if (reply.status < 300) await bench.host.remove(name);
  return refusalOf(reply);
}

export function refusalPoints(bench: Bench): readonly Point[] {
  const { place, location, wire } = bench;
  return [
    {
      id: "H11",
      what: "Quota of the region",
      expected: "ContainerGroups and StandardCores are among the names",
      look: async () => {
        const provider = `/subscriptions/${place.AZURE_SUBSCRIPTION_ID}/providers/Microsoft.ContainerInstance`;
        const { status, json } = await wire.arm("GET", `${provider}/locations/${location}/usages?${apiVersion}`);
        if (status === 403)
          return notTried("The application may not read the quota: give it Reader on the subscription.");
        const list = at(json, "value");
        const names = Array.isArray(list) ? list.map((one) => String(at(one, "name", "value"))) : [];
        return seen(
          names.includes("ContainerGroups") && names.includes("StandardCores"),
          `${status}: ${names.join(", ")}`,
        );
      },
    },
    {
      id: "D7",
      what: "An image that does not exist",
      expected: "400 InaccessibleImage",
      look: async () => {
        const image = `${place.IMAGE.replace(/(@.*|:[^:/]*)$/, "")}-not-there:latest`;
        const saw = await refused(bench, "image", image, place.SUBNET_ID);
        return seen(saw === "400 InaccessibleImage", saw);
      },
    },
    {
      id: "D7b",
      what: "A subnet that is not delegated",
      expected: "400 SubnetMissingRequiredDelegation",
      look: async () => {
        if (!place.OTHER_SUBNET_ID) return notTried("OTHER_SUBNET_ID names no subnet that is not delegated.");
        const saw = await refused(bench, "subnet", place.IMAGE, place.OTHER_SUBNET_ID);
        return seen(saw === "400 SubnetMissingRequiredDelegation", saw);
      },
    },
  ];
}
