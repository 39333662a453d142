import assert from "node:assert/strict";
import { chosenPace, Pace, type RequestKind } from "../../../simulator/pace/service-pace.ts";
import { apiVersion, plainGroup, startStand } from "../arm/azure-fixture.ts";
import {
  claimOf,
  giveStandbyRoles,
  poolApi,
  poolBody,
  poolPath,
  profileApi,
  profileBody,
  profilePath,
} from "../arm/standby/standby-fixture.ts";
import { delaysOf } from "./delays.ts";

/** Seconds to Started of many groups, in order. */
function starts(pace: Pace, inNetwork: boolean): number[] {
  const drawn = Array.from({ length: 2000 }, () => pace.timings(inNetwork));
  const seconds = drawn.map(({ pendingMs, pullMs, startMs }) => (pendingMs + pullMs + startMs) / 1000);
  return seconds.sort((a, b) => a - b);
}
const quantile = (sorted: readonly number[], share: number): number => sorted[Math.floor(sorted.length * share)] ?? 0;

describe("the recorded pace", () => {
  it("starts a group in a virtual network after 50 s at the median, 30 to 117 s", () => {
    const sorted = starts(new Pace("recorded", 3), true);
    assert.deepEqual([sorted[0], quantile(sorted, 0.5), sorted.at(-1)], [30, 50, 117]);
    assert.ok(Math.abs(quantile(sorted, 0.9) - 110) < 10, String(quantile(sorted, 0.9)));
  });

  it("starts one without a network after 17 s at the median, 225 s at most", () => {
    const sorted = starts(new Pace("recorded", 3), false);
    assert.ok(Math.abs(quantile(sorted, 0.5) - 17) <= 1, String(quantile(sorted, 0.5)));
    assert.equal(sorted.at(-1), 225);
  });

  it("is the same for the same seed, another for another, and always the middle one for `median`", () => {
    const twenty = (pace: Pace) => Array.from({ length: 20 }, () => pace.timings(true));
    assert.deepEqual(twenty(new Pace("recorded", 5)), twenty(new Pace("recorded", 5)));
    assert.notDeepEqual(twenty(new Pace("recorded", 5)), twenty(new Pace("recorded", 6)));
    const pace = new Pace("recorded", 5);
    const drawn = twenty(pace);
    pace.startAgain(5);
    for (let read = 0; read < 7; read++) pace.request("read");
    assert.deepEqual(twenty(pace), drawn, "whatever was read meanwhile");
    const { pendingMs, pullMs, startMs, settleMs, deleteMs } = new Pace("median", 9).timings(true);
    assert.deepEqual([pendingMs + pullMs + startMs, settleMs, deleteMs], [50_000, 3500, 4000]);
  });

  it("notices a container 2 to 5 s after it started, and deletes within 3 to 7 s", () => {
    const pace = new Pace("recorded", 8);
    for (let draw = 0; draw < 500; draw += 1) {
      const { settleMs, deleteMs } = pace.timings(true);
      assert.ok(settleMs >= 2000 && settleMs <= 5000 && deleteMs >= 3000 && deleteMs <= 7000);
    }
  });

  it("answers a PUT after 9 s in a network, others as was seen", () => {
    const pace = new Pace("median");
    assert.deepEqual(
      [pace.request("put", true), pace.request("put"), pace.request("read"), pace.request("logs")],
      [9000, 5000, 1000, 0],
    );
  });

  it("is chosen by options, which must be good", () => {
    assert.equal(chosenPace({}), undefined);
    assert.equal(chosenPace({ pace: "recorded", seed: "4" })?.seed, 4);
    for (const wrong of [{ pace: "fast" }, { pace: "recorded", seed: "x" }, { seed: "1" }]) {
      assert.throws(() => chosenPace(wrong), /^Error: --(pace|seed) /);
    }
  });

  it("is what a simulator keeps to when it is given it", async () => {
    const pace = new Pace("median");
    Object.assign(pace, {
      request: (kind: RequestKind) => ({ put: 41, read: 42 })[kind as string] ?? 0,
      timings: () => ({ pendingMs: 11, pullMs: 12, startMs: 13, settleMs: 14, deleteMs: 15 }),
    });
    const stand = await startStand({ pace });
    const path = `${stand.groupsPath}/paced?${apiVersion}`;
    const asked = await delaysOf(async () => {
      await stand.put("paced", plainGroup(stand));
      await stand.arm.containerGroup("paced").when(({ deployment }) => deployment.provisioningState === "Succeeded");
      await stand.call(path);
      await stand.call(path, { method: "DELETE" });
    });
    await stand.stop();
    const ofPace = [41, 11, 12, 13, 14, 42, 15];
    assert.deepEqual(
      asked.filter((milliseconds) => ofPace.includes(milliseconds)),
      ofPace,
    );
  });

  it("holds for profiles, standby pools and a claim as well", async () => {
    const pace = new Pace("median");
    const times: (readonly [RequestKind, number])[] = [];
    Object.assign(pace, {
      request(kind: RequestKind) {
        times.push([kind, Pace.prototype.request.call(pace, kind)]);
        return 0;
      },
      timings: () => ({}),
    });
    const stand = await startStand({ pace });
    giveStandbyRoles(stand);
    const call = (method: string, path: string, version: string, body?: object) =>
      stand.call(`${path}?${version}`, { method, ...(body && { body }) }, stand.administrator);
    const [profile, pool, claimed] = [profilePath(stand), poolPath(stand), `${stand.groupsPath}/claimed`];
    await call("PUT", profile, profileApi, profileBody(stand));
    await call("PUT", profile, profileApi, profileBody(stand));
    await call("GET", profile, profileApi);
    await call("GET", `${profile}/revisions/1`, profileApi);
    await call("PUT", pool, poolApi, poolBody(stand, { maxReadyCapacity: 1 }));
    await call("PUT", claimed, profileApi, claimOf(stand, {}));
    await call("DELETE", pool, poolApi);
    await call("DELETE", profile, profileApi);
    await stand.stop();
    assert.deepEqual(times, [
      ["profileCreate", 4000],
      ["profileUpdate", 1500],
      ["profileRead", 1000],
      ["profileRead", 1000],
      ["poolPut", 5000],
      ["putStandby", 4000],
      ["poolDelete", 3000],
      ["profileDelete", 3000],
    ]);
  });
});
