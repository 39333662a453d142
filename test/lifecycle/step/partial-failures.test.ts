// What a step ends with when a service lets it do only a part, or something happens that nobody knows.
import assert from "node:assert/strict";
import { sweep } from "../../../EphemeralAgentTask/src/actions/sweep.ts";
import { ServiceFault } from "../../../EphemeralAgentTask/src/ports.ts";
import { codeOf, Scenario, type Step } from "../../actions/in-memory-step.ts";
import { MemoryTask } from "../../in-memory/memory-task-host.ts";
import { identity, settings } from "../../in-memory/valid-settings.ts";

function swept(s: Scenario): Step {
  const task = new MemoryTask();
  const ports = { clock: s.clock, task, host: s.world.host, pool: s.world.pool, run: s.world.run };
  const options = { ...settings(), run: identity("202"), minimumAgeMs: 0, dryRun: false };
  return { task, end: sweep(ports, options).catch((thrown: unknown) => ({ thrown })) };
}

describe("A sweep that cannot read the state of a run", () => {
  it("says so, names the agent, and does not end as if nothing were there", async () => {
    const s = new Scenario();
    await s.finish(s.step("create"));
    s.world.run.isOver = async () => undefined;
    const end = await s.finish(swept(s));
    assert.ok("code" in end);
    assert.equal(end.result, "succeededWithIssues");
    assert.equal(end.code, "EA804");
    assert.match(end.message, /eph-101-\w+ expires in \d+ min; the state of its run could not be read/);
    assert.equal(s.left.length, 2);
  });

  it("says nothing when it need not know", async () => {
    const s = new Scenario();
    await s.finish(s.step("create"));
    s.world.run.isOver = async () => undefined;
    await s.clock.pass(20 * 3_600_000);
    assert.equal(codeOf(await s.finish(swept(s))), "succeeded");
    assert.deepEqual(s.left, []);
  });
});

describe("A container group that reads answer 404 for, for some seconds", () => {
  for (const [when, afterMs] of [
    ["while its agent waits", 25_000],
    ["while its job runs", 45_000],
  ] as const) {
    it(`${when}, is not taken for gone`, async () => {
      const s = new Scenario();
      s.world.placeholder();
      s.timeline({ deploy: "inProgress" });
      const { get } = s.world.host;
      let hidden = false;
      s.world.host.get = async (name) => (hidden ? undefined : get(name));
      s.clock.after(afterMs, () => {
        hidden = true;
        s.clock.after(7_000, () => {
          hidden = false;
        });
      });
      s.clock.after(35_000, () => void s.world.queue({ runId: "101", lastsMs: 60_000 }));
      const step = s.step("run");
      assert.equal(codeOf(await s.finish(step)), "succeeded", step.task.log);
      assert.deepEqual(step.task.errors, []);
    });
  }
});

describe("Something that nobody knows", () => {
  for (const [where, strike] of [
    [
      "reading the record",
      (s: Scenario, fail: () => never) => Object.assign(s.world.pool, { get: async () => fail() }),
    ],
    [
      "asking for the group",
      (s: Scenario, fail: () => never) => Object.assign(s.world.host, { create: async () => fail() }),
    ],
    [
      "reading the run",
      (s: Scenario, fail: () => never) => Object.assign(s.world.run, { timeline: async () => fail() }),
    ],
  ] as const) {
    for (const action of ["run", "create"] as const) {
      if (action === "create" && where === "reading the run") continue;
      it(`while ${where} ends '${action}' and leaves nothing`, async () => {
        const s = new Scenario();
        s.world.placeholder();
        let struck = false;
        const { get } = s.world.pool;
        strike(s, () => {
          struck = true;
          s.world.pool.get = get;
          throw new TypeError("incorrect header check");
        });
        const step = s.step(action);
        const end = await s.finish(step);
        assert.ok(struck);
        assert.match(
          `${JSON.stringify(end)} ${codeOf(end)} ${step.task.errors.join()}`,
          /EA999|incorrect header check/,
        );
        assert.notEqual(codeOf(end), "succeeded");
        assert.deepEqual(s.left, []);
        assert.deepEqual(step.task.open, []);
      });
    }
  }
});

describe("A create that Azure refuses for longer than is waited for", () => {
  const throttled = new ServiceFault("Azure", "TooManyRequests", "slow down", {
    status: 429,
    retryable: true,
    retryAfterMs: 3_540_000,
  });
  const [first] = settings().placements;
  const second = { ...first, cpu: 2 };

  it("is made at the next place of fallbacks", async () => {
    const s = new Scenario();
    s.world.placeholder();
    const job = s.world.queue({ runId: "101" });
    const { create } = s.world.host;
    s.world.host.create = async (definition, signal) => {
      if (definition.cpu === first.cpu) throw throttled;
      return create(definition, signal);
    };
    const step = s.step("run", { placements: [first, second] });
    const began = s.clock.now();
    assert.equal(codeOf(await s.finish(step)), "succeeded");
    assert.equal(job?.result, "succeeded");
    assert.ok(s.clock.now() - began < 180_000);
    assert.deepEqual(s.left, []);
  });

  it("ends with EA205 and the time where there is no other, because one agent is not worth an hour", async () => {
    const s = new Scenario();
    s.world.placeholder();
    let creates = 0;
    s.world.host.create = async () => {
      creates += 1;
      throw throttled;
    };
    const step = s.step("run", { placements: [first] });
    assert.equal(codeOf(await s.finish(step)), "failed");
    assert.match(step.task.errors.join(), /^EA205 [\s\S]*3540 s/);
    assert.equal(creates, 1, "it is not asked again");
    assert.deepEqual(s.left, []);
  });

  it("waits as long as Azure asks where the step makes several, and says so", async () => {
    const s = new Scenario();
    s.world.placeholder();
    for (const _ of [1, 2]) s.world.queue({ runId: "101" });
    const { create } = s.world.host;
    s.world.host.create = async (definition, signal) => {
      if (s.clock.now() < 3_540_000) throw throttled;
      return create(definition, signal);
    };
    const step = s.step("run", { placements: [first], agentCount: 2 });
    assert.equal(codeOf(await s.finish(step)), "succeeded");
    assert.match(
      step.task.lines.join("\n"),
      /create \d of 2 waits about \d+ min: Azure allows 300 in an hour by default/,
    );
    assert.deepEqual(s.left, []);
  });

  it("ends with EA205 and the time when Azure still refuses it after two hours", async () => {
    const s = new Scenario();
    s.world.placeholder();
    s.world.host.create = async () => {
      throw throttled;
    };
    const step = s.step("run", { placements: [first], agentCount: 2 });
    assert.equal(codeOf(await s.finish(step)), "failed");
    assert.match(step.task.errors.join(), /^EA205 [\s\S]*3540 s/);
    assert.ok(s.clock.now() < 4 * 3_600_000);
    assert.deepEqual(s.left, []);
  });
});
