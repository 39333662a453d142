import assert from "node:assert/strict";
import { throttle } from "../../EphemeralAgentTask/src/http/throttling-headers.ts";

describe("What Azure DevOps asks for in good answers", () => {
  let now = 1_000;
  const heard = (headers: Record<string, string>) => {
    const limit = throttle(() => now);
    limit.heard(headers);
    return limit;
  };

  it("is nothing mostly", () => {
    assert.equal(heard({}).leftMs(), 0);
    assert.equal(heard({ "x-ratelimit-limit": "200", "x-ratelimit-remaining": "0" }).leftMs(), 0);
    assert.equal(heard({ "retry-after": "soon" }).leftMs(), 0);
  });

  it("is a pause of so many seconds, or until a time", () => {
    assert.equal(heard({ "retry-after": "12" }).leftMs(), 12_000);
    const date = "Fri, 27 Nov 2026 10:00:00 GMT";
    assert.equal(heard({ "retry-after": "Fri, 27 Nov 2026 10:00:30 GMT", date }).leftMs(), 30_000);
    // As long as it held this answer back (Microsoft Learn: seconds with a fraction).
    assert.equal(heard({ "x-ratelimit-delay": "2.5" }).leftMs(), 2_500);
  });

  it("is two minutes at most, whatever number a service says", () => {
    assert.equal(heard({ "retry-after": "100000" }).leftMs(), 120_000);
  });

  it("is over in time, and is not made shorter by a later answer", () => {
    const limit = heard({ "retry-after": "10" });
    limit.heard({ "retry-after": "2" });
    now += 4_000;
    assert.equal(limit.leftMs(), 6_000);
    now += 6_000;
    assert.equal(limit.leftMs(), 0);
  });
});
