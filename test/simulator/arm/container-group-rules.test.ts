import assert from "node:assert/strict";
import { errorOf, plainGroup, type Stand, startStand } from "./stand.ts";

const base64 = (text: string) => Buffer.from(text).toString("base64");
const volume = (name: string, secret: object = { "agent.json": base64("{}") }) => ({ volumes: [{ name, secret }] });
const credentials = (credential: object) => ({ imageRegistryCredentials: [credential] });
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

const cases: readonly Case[] = [
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

describe("a container group is refused", () => {
  let stand: Stand;
  before(async () => {
    stand = await startStand();
  });
  after(() => stand.stop());

  for (const { when, name = "refused", properties, container, top, status = 400, code, message } of cases) {
    it(`when ${when}`, async () => {
      const answer = await stand.put(name, plainGroup(stand, properties?.(stand), container, top));
      assert.equal(answer.status, status, answer.text);
      const error = errorOf(answer);
      assert.equal(error.code, code);
      if (message !== undefined) assert.match(error.message, message);
      assert.deepEqual(stand.arm.containerGroups(), [], "nothing is created");
    });
  }

  it("when its image is private and nobody signs in, and not when somebody does", async () => {
    const image = stand.registry.privateImage;
    const refused = await stand.put("private", plainGroup(stand, {}, { image }));
    assert.equal(errorOf(refused).code, "InaccessibleImage");
    for (const { username, password } of [
      stand.registryAccount,
      { username: stand.puller.appId, password: stand.puller.secret },
    ]) {
      const properties = credentials({ server: stand.registry.server, username, password });
      const created = await stand.put("private", plainGroup(stand, properties, { image }));
      assert.equal(created.status, 201, created.text);
      await stand.client().containerGroups.beginDeleteAndWait(stand.resourceGroup, "private");
    }
  });

  it("without quoting what may be secret", async () => {
    const answer = await stand.put(
      "refused",
      plainGroup(stand, volume("start-files", { "a.json": "not-base64-canary!" })),
    );
    assert.equal(answer.status, 400);
    assert.doesNotMatch(answer.text, /canary/);
  });

  it("by name when it needs what the simulator does not know", async () => {
    const group = plainGroup(stand);
    const unknown: [object, RegExp][] = [
      [plainGroup(stand, { osType: "Windows" }), /Windows/],
      [plainGroup(stand, {}, { securityContext: { privileged: true } }), /securityContext/],
      [plainGroup(stand, { initContainers: [{ name: "init" }] }), /initContainers/],
      [plainGroup(stand, { volumes: [{ name: "vault", secretReference: { a: "b" } }] }), /secretReference/],
      [plainGroup(stand, { containers: [propertiesOf(group), propertiesOf(group)] }), /more than one container/],
    ];
    for (const [body, message] of unknown) {
      const answer = await stand.put("unknown", body);
      assert.equal(answer.status, 501);
      assert.match(errorOf(answer).message, message);
    }
  });

  it("when the quota of its region does not reach, and not before", async () => {
    const small = await startStand({ quota: { standardCores: 2 } });
    try {
      assert.equal((await small.put("first", plainGroup(small))).status, 201);
      const large = plainGroup(small, {}, { resources: { requests: { cpu: 2, memoryInGB: 2 } } });
      const answer = await small.put("second", large);
      assert.equal(answer.status, 409);
      assert.equal(errorOf(answer).code, "ContainerGroupQuotaReached");
      assert.match(errorOf(answer).message, /'StandardCores'.*Limit: '2', Usage: '1' Requested: '2'/);
    } finally {
      await small.stop();
    }
  });

  it("when too many are made in five minutes, with the time to wait", async () => {
    const slow = await startStand({ creations: { per5Minutes: 1, perHour: 5 } });
    try {
      const first = await slow.put("first", plainGroup(slow));
      assert.equal(first.headers["x-ms-ratelimit-remaining-subscription-resource-requests-pt5m"], "0");
      assert.equal(first.headers["x-ms-ratelimit-remaining-subscription-resource-requests-pt1h"], "4");
      const second = await slow.put("second", plainGroup(slow));
      assert.deepEqual([second.status, errorOf(second).code], [429, "TooManyRequests"]);
      assert.ok(Number(second.headers["retry-after"]) > 0);
    } finally {
      await slow.stop();
    }
  });
});

function propertiesOf(group: object): object {
  const { properties } = group as { properties: { containers: object[] } };
  return properties.containers[0] ?? {};
}
