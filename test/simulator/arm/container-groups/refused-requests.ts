// Requests for a container group that are refused, and with which error.

import type { Stand } from "../azure-fixture.ts";

const base64 = (text: string) => Buffer.from(text).toString("base64");

export const volume = (name: string, secret: object = { "agent.json": base64("{}") }) => ({
  volumes: [{ name, secret }],
});

export const credentials = (credential: object) => ({ imageRegistryCredentials: [credential] });

const variables = (...environmentVariables: object[]) => ({ environmentVariables });

interface Case {
  /** Completes "a container group is refused when …". */
  readonly when: string;
  readonly name?: string;
  readonly properties?: (stand: Stand) => object;
  readonly container?: object;
  readonly top?: object;
  readonly status?: number;
  readonly code: string;
  readonly message?: RegExp;
}

export const cases: readonly Case[] = [
  { when: "its name has capitals", name: "Agent-1", code: "InvalidContainerGroupName" },
  { when: "its name has an underscore", name: "agent_1", code: "InvalidContainerGroupName" },
  { when: "its name ends with a hyphen", name: "agent-", code: "InvalidContainerGroupName" },
  { when: "its name has two hyphens in a row", name: "agent--1", code: "InvalidContainerGroupName" },
  { when: "its name has 64 characters", name: "a".repeat(64), code: "InvalidContainerGroupName" },
  {
    when: "its container's name has capitals",
    properties: () => ({ containers: [{ name: "Agent", properties: { image: "x" } }] }),
    code: "InvalidContainerName",
    message: /must match the regex/,
  },
  {
    when: "an environment variable has a dot in its name",
    container: variables({ name: "A.B", value: "" }),
    code: "InvalidContainerEnvironmentVariable",
  },
  {
    when: "an environment variable begins with an underscore",
    container: variables({ name: "_A", value: "" }),
    code: "InvalidContainerEnvironmentVariable",
  },
  {
    when: "an environment variable ends with an underscore",
    container: variables({ name: "A_", value: "" }),
    code: "InvalidContainerEnvironmentVariable",
  },
  {
    when: "an environment variable has no value",
    container: variables({ name: "A" }),
    code: "InvalidContainerEnvironmentVariable",
  },
  {
    when: "an environment variable has two values",
    container: variables({ name: "A", value: "1", secureValue: "2" }),
    code: "InvalidContainerEnvironmentVariable",
  },
  {
    when: "an environment variable is given twice",
    container: variables({ name: "A", value: "1" }, { name: "A", value: "2" }),
    code: "InvalidContainerEnvironmentVariable",
  },
  { when: "a volume's name has four letters", properties: () => volume("temp"), code: "InvalidVolumeName" },
  {
    when: "a volume's name has two hyphens in a row",
    properties: () => volume("start--files"),
    code: "InvalidVolumeName",
  },
  { when: "a volume has no kind", properties: () => ({ volumes: [{ name: "start-files" }] }), code: "InvalidVolume" },
  {
    when: "a secret file begins with a dot",
    properties: () => volume("start-files", { ".agent": base64("{}") }),
    code: "InvalidSecretVolumeKey",
  },
  {
    when: "a secret file is a path",
    properties: () => volume("start-files", { "a/b": base64("{}") }),
    code: "InvalidSecretVolumeKey",
  },
  {
    when: "a secret file's content is not base64",
    properties: () => volume("start-files", { "agent.json": "{}" }),
    code: "InvalidSecretVolumeValue",
  },
  {
    when: "a secret volume holds more than a megabyte",
    properties: () => volume("start-files", { big: base64("x".repeat(1_100_000)) }),
    code: "SecretVolumeTooLarge",
  },
  {
    when: "it mounts a volume that it has not",
    container: { volumeMounts: [{ name: "start-files", mountPath: "/mnt/a" }] },
    code: "VolumeMountNotFound",
  },
  {
    when: "a mount path is not absolute",
    properties: () => volume("start-files"),
    container: { volumeMounts: [{ name: "start-files", mountPath: "mnt/a" }] },
    code: "InvalidVolumeMountPath",
  },
  {
    when: "a mount path climbs out of its container",
    properties: () => volume("start-files"),
    container: { volumeMounts: [{ name: "start-files", mountPath: "/mnt/../../etc" }] },
    code: "InvalidVolumeMountPath",
  },
  { when: "it has no container", properties: () => ({ containers: [] }), code: "MissingContainers" },
  { when: "its container has no image", container: { image: undefined }, code: "MissingImage" },
  {
    when: "its image is no image reference",
    container: { image: "https://r.azurecr.io/agent" },
    code: "InvalidImageName",
  },
  {
    when: "its container names no resources",
    container: { resources: undefined },
    code: "ResourceRequestsNotSpecified",
  },
  {
    when: "it asks for no CPU",
    container: { resources: { requests: { cpu: 0, memoryInGB: 1 } } },
    code: "InvalidResourceRequests",
  },
  {
    when: "its memory is not in tenths of a gigabyte",
    container: { resources: { requests: { cpu: 1, memoryInGB: 1.55 } } },
    code: "InvalidResourceRequests",
  },
  {
    when: "it asks for more CPU than any region has",
    container: { resources: { requests: { cpu: 32, memoryInGB: 8 } } },
    status: 409,
    code: "ServiceUnavailable",
    message: /not available in the location 'westeurope'.*'32' CPU '8' GB/,
  },
  {
    when: "it asks for more memory than any region has",
    container: { resources: { requests: { cpu: 4, memoryInGB: 241 } } },
    status: 409,
    code: "ServiceUnavailable",
  },
  { when: "it names no OS type", properties: () => ({ osType: undefined }), code: "MissingOsType" },
  {
    when: "its restart policy is none",
    properties: () => ({ restartPolicy: "Sometimes" }),
    code: "InvalidRequestContent",
    message: /Always, OnFailure, Never/,
  },
  {
    when: "it has a property that the service does not know",
    properties: () => ({ cpuLimit: 2 }),
    code: "InvalidRequestContent",
    message: /Could not find member 'cpuLimit'/,
  },
  { when: "it has no location", top: { location: undefined }, code: "LocationRequired" },
  { when: "its location is no region", top: { location: "atlantis" }, code: "LocationNotAvailableForResourceType" },
  { when: "a tag's name has a slash", top: { tags: { "a/b": "c" } }, code: "InvalidTagNameCharacters" },
  { when: "a tag's value is too long", top: { tags: { a: "b".repeat(257) } }, code: "InvalidTagValueLength" },
  {
    when: "it has 51 tags",
    top: { tags: Object.fromEntries(Array.from({ length: 51 }, (_, i) => [`t${i}`, ""])) },
    code: "TooManyTags",
  },
  {
    when: "a registry is given with its protocol",
    properties: ({ registry }) => credentials({ server: `https://${registry.server}`, username: "u", password: "p" }),
    code: "InvalidImageRegistryCredentialServer",
    message: /valid host name without protocol/,
  },
  {
    when: "a registry's password is missing",
    properties: ({ registry }) => credentials({ server: registry.server, username: "u" }),
    code: "InvalidImageRegistryCredential",
  },
  {
    when: "the identity that pulls is not one of the group's",
    properties: ({ registry }) => credentials({ server: registry.server, identity: "/subscriptions/s/id" }),
    code: "InvalidImageRegistryIdentity",
  },
  {
    when: "the image does not exist",
    container: { image: "localhost:1/no-such-image:latest" },
    code: "InaccessibleImage",
    message: /no-such-image:latest' in container group '.+' is not accessible/,
  },
  {
    when: "the registry refuses the credentials",
    properties: ({ registry }) => credentials({ server: registry.server, username: "u", password: "wrong" }),
    code: "InaccessibleImage",
  },
  {
    when: "it goes into two subnets",
    properties: (stand) => ({ subnetIds: [{ id: stand.subnetId }, { id: stand.subnetId }] }),
    code: "MultipleSubnetsNotSupported",
  },
  {
    when: "it is of priority Spot in a subnet",
    properties: () => ({ priority: "Spot" }),
    code: "SpotPriorityNotSupportedInVirtualNetwork",
  },
  {
    when: "its DNS configuration names no server",
    properties: () => ({ dnsConfig: { nameServers: [] } }),
    code: "InvalidDnsConfig",
  },
  {
    when: "its region is not the network's",
    top: { location: "northeurope" },
    code: "InvalidResourceReference",
    message: /both resources are in the same region/,
  },
];
