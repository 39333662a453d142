// What the task adds to the services' own times, counted on the virtual clock: every request takes as long as from a hosted
// agent, so that a time here is a number of requests one after another.
import assert from "node:assert/strict";
import { Scenario } from "../../actions/in-memory-step.ts";

/** Milliseconds that a request takes. */
const travelMs = 60;

interface Sent {
  readonly what: string;
  readonly at: number;
}

/** Lets every request of the world take its time. @returns what is asked, and when, as it comes */
function travels(s: Scenario): Sent[] {
  const sent: Sent[] = [];
  const { clock, world } = s;
  for (const [name, port] of Object.entries({ pool: world.pool, host: world.host, run: world.run })) {
    const methods = port as unknown as Record<string, (...words: unknown[]) => Promise<unknown>>;
    for (const [method, answer] of Object.entries(methods)) {
      if (typeof answer !== "function") continue;
      methods[method] = async (...words) => {
        sent.push({ what: `${name}.${method}`, at: clock.now() });
        await clock.sleep(travelMs);
        return answer(...words);
      };
    }
  }
  return sent;
}

const timeOf = (sent: readonly Sent[], what: string, from = 0): number => {
  const found = sent.find((one) => one.what === what && one.at >= from);
  assert.ok(found, `${what} was never asked`);
  return found.at;
};

/** A run with one job of so many milliseconds. */
async function served(lastsMs: number) {
  const s = new Scenario();
  s.timeline({ deploy: "inProgress" });
  s.world.placeholder();
  s.world.reading.gap = 0;
  const began = s.clock.now();
  let endedAt = 0;
  s.world.onEnd = () => {
    endedAt = s.clock.now();
  };
  const sent = travels(s);
  const step = s.step("run");
  s.world.queue({ runId: "101", lastsMs });
  assert.deepEqual(await s.finish(step), { result: "succeeded" });
  assert.deepEqual(s.left, []);
  return { sent, began, endedAt, overAt: s.clock.now() };
}

describe("The task's own time", () => {
  it("is four requests in a row until the container group is asked for", async () => {
    const { sent, began } = await served(20_000);
    // The pool's jobs beside the preparation; the registration; the marks, and a look at them, beside the agent's token.
    const putAt = timeOf(sent, "host.create") - began;
    assert.equal(putAt, 4 * travelMs, `the group was asked for after ${putAt} ms`);
  });

  it("is less than half a second until the end of a short job is seen", async () => {
    const { sent, endedAt } = await served(5_000);
    const removedAt = timeOf(sent, "pool.remove");
    assert.ok(removedAt - endedAt <= 500 + 2 * travelMs, `unregistered ${removedAt - endedAt} ms after the job's end`);
  });

  it("is two requests from unregistering to the end, when the group goes at once", async () => {
    const { sent, overAt } = await served(20_000);
    const unregisteredAt = timeOf(sent, "pool.remove");
    const deletedAt = timeOf(sent, "host.remove");
    assert.equal(deletedAt - unregisteredAt, travelMs, "the group's deletion follows the record's");
    // Both are seen to be gone, side by side, and the run's jobs are looked at once more.
    assert.ok(timeOf(sent, "pool.get", unregisteredAt) > 0 && timeOf(sent, "host.get", deletedAt) > 0);
    const rest = sent.filter(({ at }) => at >= unregisteredAt);
    assert.ok(
      overAt - unregisteredAt <= 4 * travelMs,
      JSON.stringify(rest.map(({ what, at }) => [what, at - unregisteredAt])),
    );
  });

  it("reads the record once between the job's end and unregistering", async () => {
    const { sent, endedAt } = await served(20_000);
    const removedAt = timeOf(sent, "pool.remove");
    const seenAt = sent.findLast(({ what, at }) => what === "host.get" && at < removedAt)?.at ?? 0;
    assert.ok(seenAt >= endedAt - travelMs);
    assert.equal(removedAt - seenAt, 2 * travelMs, "from the look that showed the end to unregistering");
  });
});
