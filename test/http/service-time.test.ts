import assert from "node:assert/strict";
import { serviceTime } from "../../EphemeralAgentTask/src/http/service-time.ts";

const noon = Date.parse("2026-01-05T12:00:00Z");
const hour = 3_600_000;
const header = (ms: number) => new Date(ms).toUTCString();

/** A machine whose clock is so many milliseconds off, at noon. */
function machine(offMs: number) {
  const state = { elapsed: 5_000, off: offMs };
  const time = serviceTime(
    () => state.elapsed,
    () => noon + state.elapsed - 5_000 + state.off,
  );
  return { state, time };
}

describe("The services' time", () => {
  it("is the machine's until a service has said it", () => assert.equal(machine(hour).time.now(), noon + hour));

  for (const off of [8 * hour, -8 * hour]) {
    it(`is what the organization says on a machine that is ${off / hour} hours off`, () => {
      const { state, time } = machine(off);
      time.heard("Azure DevOps", header(noon));
      state.elapsed += 90_000;
      assert.equal(time.now(), noon + 90_000);
    });
  }

  it("does not change when somebody sets the machine's clock", () => {
    const { state, time } = machine(0);
    state.off = 20 * hour;
    assert.equal(time.now(), noon);
    time.heard("Azure DevOps", header(noon));
    state.off = -20 * hour;
    assert.equal(time.now(), noon);
  });

  it("is the organization's before Azure's, and Azure's before the machine's", () => {
    const { time } = machine(hour);
    time.heard("Azure", header(noon - 2_000));
    assert.equal(time.now(), noon - 2_000);
    time.heard("Azure DevOps", header(noon));
    assert.equal(time.now(), noon);
  });

  for (const date of [undefined, "", "yesterday", "0", header(0), header(8e12), "Mon, 99 Foo 2026 99:00:00 GMT"]) {
    it(`is not taken from the date ${JSON.stringify(date)}`, () => {
      const { time } = machine(0);
      time.heard("Azure DevOps", date);
      assert.equal(time.now(), noon);
    });
  }

  it("is not moved by one answer among others that says another time", () => {
    const { time } = machine(0);
    for (const ms of [0, 1_000, 30 * 24 * hour, 0, -400 * hour]) time.heard("Azure DevOps", header(noon + ms));
    assert.ok(Math.abs(time.now() - noon) <= 1_000);
  });
});
