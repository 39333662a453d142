import assert from "node:assert/strict";
import { Cancelled } from "../EphemeralAgentTask/src/errors/catalog.ts";
import { clock } from "../EphemeralAgentTask/src/taskhost/task-host.ts";

/** Milliseconds that Node's own timers take for one. */
const beyond = [2 ** 31, 3_000_000_000, Number.MAX_SAFE_INTEGER, Number.POSITIVE_INFINITY];

describe("A wait that is longer than timers count", () => {
  for (const ms of beyond) {
    it(`(${ms} ms) does not end at once, and ends with a cancel`, async () => {
      const cancel = new AbortController();
      const long = clock.sleep(ms, cancel.signal).then(
        () => "over",
        (error: unknown) => error,
      );
      assert.equal(await Promise.race([long, clock.sleep(20).then(() => "waits")]), "waits");
      cancel.abort();
      assert.ok((await long) instanceof Cancelled);
    });

    it(`(${ms} ms) calls nothing at once`, async () => {
      let called = false;
      const takeBack = clock.after(ms, () => {
        called = true;
      });
      await clock.sleep(20);
      takeBack();
      assert.equal(called, false);
    });
  }
});
