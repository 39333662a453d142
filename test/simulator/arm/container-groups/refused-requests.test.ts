import assert from "node:assert/strict";
import { errorOf, plainGroup, type Stand, startStand } from "../azure-fixture.ts";
import { cases, credentials, volume } from "./refused-requests.ts";

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
