import assert from "node:assert/strict";
import { retryAfter } from "../../EphemeralAgentTask/src/http/retry-after-header.ts";

describe("How long a service asks to be left alone", () => {
  it("may be told in seconds", () => {
    assert.deepEqual(retryAfter("3"), { retryAfterMs: 3_000 });
    assert.deepEqual(retryAfter("0"), { retryAfterMs: 0 });
  });

  it("may be told as a date", () => {
    const { retryAfterMs = 0 } = retryAfter(new Date(Date.now() + 3_600_000).toUTCString());
    assert.ok(retryAfterMs > 3_500_000 && retryAfterMs <= 3_600_000, String(retryAfterMs));
    assert.deepEqual(retryAfter("Tue, 01 Jan 2019 00:00:00 GMT"), { retryAfterMs: 0 }, "one that is over is no wait");
  });

  it("may be told as a date by the service's own clock, which is not this machine's", () => {
    const asked = "Tue, 01 Jan 2019 00:01:00 GMT";
    assert.deepEqual(retryAfter(asked, "Tue, 01 Jan 2019 00:00:00 GMT"), { retryAfterMs: 60_000 });
  });

  it("is told truthfully, however long", () => {
    assert.deepEqual(retryAfter("100000"), { retryAfterMs: 100_000_000 });
    assert.deepEqual(retryAfter("9".repeat(400)), { retryAfterMs: Number.MAX_SAFE_INTEGER });
  });

  it("is not told when it cannot be understood, or is not there", () => {
    for (const nonsense of ["soon", "Infinity", "-5", "3e6", "0x10", "", "1;2", "NaN", undefined])
      assert.deepEqual(retryAfter(nonsense), {}, nonsense);
  });
});
