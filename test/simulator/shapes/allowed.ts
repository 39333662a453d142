// Differences between the simulator and the recordings that are accepted.

/** A difference between the simulator and the recordings that is meant to be. */
interface Allowed {
  readonly key: string;
  /** As the comparison words it. */
  readonly difference: string;
  readonly reason: string;
}

const many = (keys: readonly string[], differences: readonly string[], reason: string): Allowed[] =>
  keys.flatMap((key) => differences.map((difference) => ({ key, difference, reason })));

/** All that there are, at most fifteen. */
export const allowed: readonly Allowed[] = [
  ...many(
    [
      "PUT {rg}/Microsoft.Network/privateEndpoints/* 201 Updating",
      "GET {rg}/Microsoft.Network/privateEndpoints/* 200 Succeeded",
    ],
    ["member properties.privateLinkServiceConnections[].properties.groupIds"],
    "What is connected to has parts, of which the request names one; the recorded requests name none.",
  ),
  {
    key: "GET /{org}/_apis/distributedtask/pools/* 200",
    difference: "type of agentCloudId",
    reason: "The recorded pools were Microsoft's own, in a cloud with a number; lists show null for others.",
  },
  ...many(
    ["GET /{org}/_apis/distributedtask/pools/*/agents/* 200"],
    ["member accessPoint", "member statusChangedOn"],
    "Recorded in lists only: the single agents that were recorded had never been connected.",
  ),
  ...many(
    ["GET /{org}/{project}/_apis/build/builds/*/timeline 200"],
    ["member id", "member changeId", "member lastChangedOn"],
    "The one recorded timeline was cut to its records; clients' types have these members.",
  ),
];

/** @returns what differs without being allowed to */
export const unexpected = (key: string, found: readonly string[]): string[] =>
  found.filter((difference) => !allowed.some((each) => each.key === key && each.difference === difference));

/** @returns what is allowed although it differs no longer, of the keys that somebody looked at */
export const stale = (found: (key: string) => readonly string[] | undefined): Allowed[] =>
  allowed.filter(({ key, difference }) => found(key)?.includes(difference) === false);
