// What the simulator answers has the shape of what the services answered.
import assert from "node:assert/strict";
import { startStand } from "../arm/azure-fixture.ts";
import { stale, unexpected } from "./allowed.ts";
import { Looks } from "./looks.ts";
import { containerGroups, pendingGroup } from "./scenes/container-groups.ts";
import { network } from "./scenes/network.ts";
import { resources } from "./scenes/resources.ts";
import { standby } from "./scenes/standby.ts";
import { keyOf, readShapes } from "./shape.ts";

const shapes = readShapes("arm-shapes.jsonl");

describe("an answer of Azure Resource Manager", () => {
  const looks = new Looks(shapes);
  before(async function () {
    this.timeout(120_000);
    const options = { restartNonZeroExit: false };
    const waiting = await startStand({ ...options, timings: { pendingMs: 3_600_000 } });
    await pendingGroup(waiting, looks).finally(() => waiting.stop());
    const stand = await startStand(options);
    try {
      for (const scene of [containerGroups, standby, network, resources]) await scene(stand, looks);
    } finally {
      await stand.stop();
    }
  });

  for (const key of shapes.map(keyOf)) {
    it(`is as recorded: ${key}`, () => {
      const found = looks.found(key);
      assert.ok(found, "nobody looked at it");
      assert.deepEqual(unexpected(key, found), []);
    });
  }

  it("differs in nothing that is no longer different", () => {
    assert.deepEqual(
      stale(shapes.map(keyOf), (key) => looks.found(key)),
      [],
    );
  });
});
