import assert from "node:assert/strict";
import { readLedger } from "../../../EphemeralAgentTask/src/lifecycle/step/write-ahead-ledger.ts";

describe("What an earlier process of the step wrote down", () => {
  it("is nothing when it wrote nothing", () => {
    for (const saved of [undefined, ""]) assert.deepEqual(readLedger(saved), { version: 1, open: [] });
  });

  it("is read as it was written", () => {
    const state = { version: 1, open: ["eph-1-a"], registering: ["eph-1-a"] } as const;
    assert.deepEqual(readLedger(JSON.stringify(state)), state);
  });

  for (const saved of ["{", "null", "[]", '"text"', "{}", '{"version":1,"open":"eph-1-a"}']) {
    it(`means that everything of the run is looked for when it is ${saved}`, () => {
      assert.deepEqual(readLedger(saved), { version: 1, open: [], everything: true });
    });
  }
});
