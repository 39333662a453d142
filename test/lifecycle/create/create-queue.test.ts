// Many agents at once: Azure takes 100 creates in 5 minutes and 300 in an hour.
import assert from "node:assert/strict";
import { ServiceFault } from "../../../EphemeralAgentTask/src/ports.ts";
import { Scenario, type Step } from "../../actions/in-memory-step.ts";

const limit = { in5Minutes: 100, inHour: 300 };

const many = { agentCount: 50, onlineMs: 0 };

/** Names of the groups in the order in which Azure took them. */
const taken = ({ world }: Scenario): string[] => [...world.groups.keys()];

/** In the order in which the step planned them. */
function planned({ task }: Step): string[] {
  return task.lines.flatMap((line) => /\] (\S+): registered in pool/.exec(line)?.[1] ?? []);
}

describe("Many creates", () => {
  it("are all made, in order, when 400 agents are asked for in an hour and Azure allows 300", async () => {
    const s = new Scenario();
    s.world.createLimit = limit;
    s.world.placeholder();
    s.world.behaviour.fate = "never comes online";
    const steps: Step[] = [];
    for (let step = 0; step < 8; step++) {
      steps.push(s.step("create", many));
      await s.clock.pass(7 * 60_000);
    }
    const began = s.clock.now();
    const ends = [];
    for (const step of steps) ends.push(await s.clock.run(step.end));
    assert.deepEqual(
      ends,
      Array.from({ length: 8 }, () => ({ result: "succeeded" })),
    );
    const names = taken(s);
    assert.equal(new Set(names).size, 400);
    assert.deepEqual(s.world.broken, []);
    for (const step of steps) {
      const own = new Set(planned(step));
      assert.equal(own.size, 50);
      assert.deepEqual(
        names.filter((name) => own.has(name)),
        [...own],
      );
    }
    assert.ok(s.clock.now() - began < 90 * 60_000, `the last one came ${(s.clock.now() - began) / 60_000} min later`);
  });

  it("are not sent while Azure allows none, and the log tells how long that lasts", async () => {
    const s = new Scenario();
    s.world.createLimit = { in5Minutes: 20, inHour: 300 };
    let refused = 0;
    const { create } = s.world.host;
    s.world.host.create = (definition, signal) =>
      create(definition, signal).catch((error: unknown) => {
        refused++;
        throw error;
      });
    const step = s.step("create", many);
    assert.deepEqual(await s.finish(step), { result: "succeeded" });
    assert.equal(s.world.groups.size, 50);
    assert.match(
      step.task.lines.join("\n"),
      /create 21 of 50 waits about 5 min: Azure allows 100 in 5 minutes by default/,
    );
    assert.ok(refused <= 30, `${refused} were refused`);
  });

  it("end with the step when it is canceled while they wait", async () => {
    const s = new Scenario();
    s.world.createLimit = { in5Minutes: 20, inHour: 300 };
    const step = s.step("create", many);
    await s.clock.pass(60_000);
    step.task.controller.abort();
    await s.finish(step);
    assert.equal(s.world.groups.size, 0);
  });

  it("are not sent twice when one whose answer was lost is refused for now", async () => {
    const s = new Scenario();
    const { create } = s.world.host;
    const throttled = { status: 429, retryable: true, retryAfterMs: 30_000 };
    let asked = 0;
    s.world.host.create = async (definition, signal) => {
      asked++;
      if (asked === 1) {
        // Azure carries it out later than anybody looks for it.
        s.clock.after(20_000, () => void create(definition, signal));
        throw new ServiceFault("Azure", "ECONNRESET", "cut off.", {
          kind: "silence",
          retryable: true,
          ambiguous: true,
        });
      }
      if (asked === 2) throw new ServiceFault("Azure", "TooManyRequests", "slow down.", throttled);
      return create(definition, signal);
    };
    assert.deepEqual(await s.finish(s.step("create", { onlineMs: 0 })), { result: "succeeded" });
    assert.deepEqual(s.world.broken, []);
    assert.equal(asked, 2);
  });
});
