import assert from "node:assert/strict";
import { Cancelled } from "../../../EphemeralAgentTask/src/errors/catalog.ts";
import { toTaskError } from "../../../EphemeralAgentTask/src/errors/mapping/error-mapping.ts";
import { brief, hurried, patient, persist } from "../../../EphemeralAgentTask/src/lifecycle/step/retry.ts";
import type { ServiceFault } from "../../../EphemeralAgentTask/src/ports.ts";
import { busy, setUp } from "./busy-service.ts";

/** Fails so many times, then answers. */
function flaky(times: number, details: ConstructorParameters<typeof ServiceFault>[3]) {
  let calls = 0;
  return {
    get calls() {
      return calls;
    },
    send: async () => {
      calls++;
      if (calls <= times) throw busy(details);
      return "answer";
    },
  };
}

describe("A request", () => {
  it("is sent again while the service says that this may help, with growing pauses", async () => {
    const { clock, retrier, pauses } = setUp();
    const request = flaky(4, { status: 503, retryable: true });
    assert.equal(await clock.run(persist(retrier, "host.get", request.send)), "answer");
    assert.equal(request.calls, 5);
    for (const [index, pause] of pauses.entries()) assert.ok(pause >= 500 * 2 ** index && pause <= 750 * 2 ** index);
  });

  it("waits while Azure DevOps asks in good answers to be left alone, as long as its policy lets it", async () => {
    for (const [policy, waits] of [
      [patient, 30_000],
      [brief, brief.longestAskedMs],
      [hurried, 0],
    ] as const) {
      const { clock, retrier } = setUp(policy);
      const until = clock.now() + 30_000;
      const told: number[] = [];
      const throttling = { leftMs: () => Math.max(0, until - clock.now()), onPause: (ms: number) => told.push(ms) };
      const began = clock.now();
      const sentAt = async () => clock.now() - began;
      assert.equal(await clock.run(persist({ ...retrier, throttling }, "host.get", sentAt)), 0);
      assert.equal(await clock.run(persist({ ...retrier, throttling }, "pool.get", sentAt)), waits);
      assert.deepEqual(told, waits === 0 ? [] : [waits]);
    }
  });

  it("waits as long as the service asks for", async () => {
    const { clock, retrier, pauses } = setUp();
    const request = flaky(1, { status: 429, retryable: true, retryAfterMs: 120_000 });
    await clock.run(persist(retrier, "host.get", request.send));
    assert.deepEqual(pauses, [120_000]);
  });

  it("waits no longer than its step can, however long the service asks for", async () => {
    for (const [policy, limit] of [
      [patient, patient.longestAskedMs],
      [brief, brief.longestAskedMs],
    ] as const) {
      const { clock, retrier, pauses } = setUp(policy);
      const request = flaky(1, { status: 429, retryable: true, retryAfterMs: 100_000_000 });
      assert.equal(await clock.run(persist(retrier, "host.get", request.send)), "answer");
      assert.deepEqual(pauses, [limit]);
    }
  });

  it("that makes an agent does not wait for hours: another size or place may do, or the step ends and names the time", async () => {
    const { clock, retrier, pauses } = setUp();
    const request = flaky(1, { status: 429, retryable: true, retryAfterMs: 3_540_000 });
    const refused = persist(retrier, "host.create", request.send);
    await assert.rejects(clock.run(refused), (fault: ServiceFault) => {
      assert.equal(fault.code, "RetryAfterTooLong");
      assert.match(fault.message, /Busy: later It asks to wait 3540 s/);
      assert.equal(fault.details.retryable, false);
      assert.equal(fault.details.retryAfterMs, 3_540_000);
      assert.match(String(toTaskError(fault)), /The service is throttling requests/);
      return true;
    });
    assert.deepEqual(pauses, []);
  });

  it("gets those three attempts whatever was answered before", async () => {
    const { clock, retrier } = setUp();
    const seldom = { retryable: true, seldomPasses: true };
    const answers = [{ retryable: true }, { retryable: true }, seldom, seldom];
    const send = async () => {
      const details = answers.shift();
      if (details) throw busy(details);
      return "answer";
    };
    assert.equal(await clock.run(persist(retrier, "pool.find", send)), "answer");
  });

  it("is sent three times where another attempt seldom helps", async () => {
    const { clock, retrier } = setUp();
    const request = flaky(9, { retryable: true, seldomPasses: true });
    await assert.rejects(clock.run(persist(retrier, "host.get", request.send)), { code: "Busy" });
    assert.equal(request.calls, 3);
  });

  it("is aborted when it is given up", async () => {
    const { clock, retrier } = setUp(hurried);
    const signals: AbortSignal[] = [];
    const silent = (signal: AbortSignal) => {
      signals.push(signal);
      return new Promise(() => undefined);
    };
    await assert.rejects(clock.run(persist(retrier, "host.get", silent)), { code: "NoAnswer" });
    assert.deepEqual(
      signals.map(({ aborted }) => aborted),
      [true],
    );
  });

  it("is aborted on a cancel, unless it makes something whose answer says what there is to remove", async () => {
    for (const [what, aborted] of [
      ["pool.list", true],
      ["host.create", false],
      ["pool.register", false],
    ] as const) {
      const { clock, retrier, stop } = setUp();
      const signals: AbortSignal[] = [];
      const work = persist(retrier, what, (signal) => {
        signals.push(signal);
        return new Promise(() => undefined);
      });
      clock.after(1_000, () => stop.abort());
      await assert.rejects(clock.run(work), Cancelled);
      assert.equal(signals[0]?.aborted, aborted, what);
    }
  });

  it("is not sent again when the answer will stay the same", async () => {
    const { clock, retrier } = setUp();
    const request = flaky(9, { status: 400 });
    await assert.rejects(clock.run(persist(retrier, "host.get", request.send)), { code: "Busy" });
    assert.equal(request.calls, 1);
  });

  it("is given up after the last attempt, with the service's own words", async () => {
    const { clock, retrier } = setUp();
    const request = flaky(99, { status: 500, retryable: true });
    await assert.rejects(clock.run(persist(retrier, "host.get", request.send)), { message: "later" });
    assert.equal(request.calls, patient.attempts);
  });

  it("that is never answered counts as lost after a while", async () => {
    const { clock, retrier } = setUp(hurried);
    const began = clock.now();
    await assert.rejects(clock.run(persist(retrier, "host.get", () => new Promise(() => undefined))), {
      code: "NoAnswer",
    });
    assert.equal(clock.now() - began, hurried.attemptMs);
  });

  it("is left at once when the step is cancelled", async () => {
    const { clock, retrier, stop } = setUp();
    const work = persist(retrier, "host.get", () => new Promise(() => undefined));
    clock.after(1_000, () => stop.abort());
    const began = clock.now();
    await assert.rejects(clock.run(work), Cancelled);
    assert.equal(clock.now() - began, 1_000);
  });
});
