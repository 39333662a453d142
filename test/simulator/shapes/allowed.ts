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
    ["GET {rg}/Microsoft.ContainerInstance/containerGroups/* 200 Pending/Pending"],
    ["member properties.isCreatedFromStandbyPool", "member properties.containers[].properties.configMap"],
    "Every answer of 2024 and later has these members; this state was recorded in 2021 to 2023 only.",
  ),
  ...many(
    ["PUT {rg}/Microsoft.ContainerRegistry/registries/* 200 Succeeded"],
    [
      ...["member properties.anonymousPullEnabled", "member properties.metadataSearch"],
      ...["member properties.policies.azureADAuthenticationAsArmPolicy", "member properties.policies.softDeletePolicy"],
    ],
    "A second PUT was recorded with version 2021-09-01 only, which lacks what later versions show of every registry.",
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

/**
 * @param keys of the answers that were to be looked at
 * @param found what differed in one; undefined when nobody looked
 * @returns what is allowed of them although nobody has seen it differ
 */
export const stale = (keys: readonly string[], found: (key: string) => readonly string[] | undefined): Allowed[] =>
  allowed.filter(({ key, difference }) => keys.includes(key) && found(key)?.includes(difference) !== true);
