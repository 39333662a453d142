// Reads are behind of what was done: lists some seconds, and what was just made is not there at first.
import assert from "node:assert/strict";
import { ServiceFault } from "../../../EphemeralAgentTask/src/ports.ts";
import { codeOf, Scenario } from "../../actions/in-memory-step.ts";
import { identity } from "../../in-memory/valid-settings.ts";
import type { MemoryJob } from "../../in-memory/world-state.ts";

const ofRun = ["EphemeralAgent.Run -equals 101"];

/** One that has served, or is serving, its agent undisturbed. */
function assertServed(s: Scenario, job: MemoryJob | undefined): void {
  assert.equal(job?.result, "succeeded");
  assert.deepEqual(s.world.broken, []);
  assert.deepEqual(s.left, []);
}

describe("When the pool's list is ten seconds behind", () => {
  for (const afterMs of [0, 3_000, 9_000]) {
    it(`'remove' follows the agent that was made ${afterMs} ms ago, by the id that its group names`, async () => {
      const s = new Scenario();
      s.world.behaviour.bootMs = 500;
      s.world.reading = { ...s.world.reading, listLagMs: 10_000 };
      const { list } = s.world.host;
      const { listLagMs } = s.world.reading;
      await s.finish(s.step("create", { run: { ...identity(), jobId: "create-job" } }));
      // The list of groups is not behind.
      s.world.host.list = () => {
        s.world.reading.listLagMs = 0;
        return list().finally(() => {
          s.world.reading.listLagMs = listLagMs;
        });
      };
      const job = s.world.queue({ runId: "101", demands: ofRun });
      s.timeline({ deploy: "inProgress" });
      await s.clock.pass(afterMs);
      assert.equal(codeOf(await s.finish(s.step("remove"))), "succeeded");
      assertServed(s, job);
    });
  }

  it("'remove' looks again when a step beside it makes agents that no list shows yet", async () => {
    const s = new Scenario();
    s.world.reading = { ...s.world.reading, listLagMs: 10_000 };
    await s.finish(s.step("create", { onlineMs: 0, run: { ...identity(), jobId: "create-job" } }));
    s.timeline({ deploy: "inProgress" });
    s.taskRecord("create-job", s.clock.date());
    const job = s.world.queue({ runId: "101", demands: ofRun });
    assert.equal(codeOf(await s.finish(s.step("remove"))), "succeeded");
    assertServed(s, job);
  });

  it("'remove' waits no longer than lists may be behind the end of the step that made the agents", async () => {
    const s = new Scenario();
    s.timeline({ deploy: "skipped" });
    s.taskRecord("create-job", s.clock.date() - 9_000);
    const began = s.clock.now();
    assert.equal(codeOf(await s.finish(s.step("remove"))), "succeeded");
    const waited = s.clock.now() - began;
    assert.ok(waited >= 3_000 && waited < 4_000, `it waited ${waited} ms`);
  });

  it("'remove' does not wait for lists when no step has just made anything", async () => {
    const s = new Scenario();
    s.timeline({ deploy: "skipped" });
    s.taskRecord("create-job", s.clock.date() - 60_000);
    const began = s.clock.now();
    assert.equal(codeOf(await s.finish(s.step("remove"))), "succeeded");
    assert.ok(s.clock.now() - began < 1_000);
  });
});

for (const unseenMs of [4_000, 10_000]) {
  describe(`When what was just made is not shown for ${unseenMs / 1000} s`, () => {
    function scenario(): Scenario {
      const s = new Scenario();
      s.world.behaviour.bootMs = 500;
      s.world.reading = { ...s.world.reading, unseenMs };
      s.timeline({ deploy: "inProgress" });
      return s;
    }

    for (const registration of ["task", "container"] as const) {
      it(`'run' serves its job all the same, with registration by the ${registration}`, async () => {
        const s = scenario();
        s.world.placeholder();
        const job = s.world.queue({ runId: "101", lastsMs: 2_000 });
        const step = s.step("run", { registration });
        assert.equal(codeOf(await s.finish(step)), "succeeded", step.task.errors.join("\n"));
        assertServed(s, job);
        assert.deepEqual(step.task.errors, []);
      });
    }

    it("a create whose answer was lost is not sent again, which would restart the container", async () => {
      const s = scenario();
      s.world.placeholder();
      const job = s.world.queue({ runId: "101" });
      const { create } = s.world.host;
      s.world.host.create = async (definition, signal) => {
        s.world.host.create = create;
        await create(definition, signal);
        throw new ServiceFault("Azure", "ECONNRESET", "reset", { kind: "silence", retryable: true, ambiguous: true });
      };
      const step = s.step("run");
      assert.equal(codeOf(await s.finish(step)), "succeeded", step.task.log);
      assertServed(s, job);
    });

    it("the post-job step removes what a step made in its last second", async () => {
      const s = scenario();
      const step = s.step("create", { onlineMs: 0 });
      await s.finish(step);
      const name = [...s.world.groups.keys()];
      assert.deepEqual(await s.postJob({ version: 1, open: name }), []);
      assert.deepEqual(s.left, []);
    });
  });
}

describe("A deletion that has no effect", () => {
  for (const times of [1, 2, 5]) {
    it(`is sent again, ${times} times if need be`, async () => {
      const s = new Scenario();
      await s.finish(s.step("create"));
      s.world.reading = { ...s.world.reading, idleDeletes: times };
      assert.equal(codeOf(await s.finish(s.step("remove", { onlineMs: 0 }))), "succeeded");
      assert.deepEqual(s.left, []);
    });
  }

  it("is not sent again while Azure only still shows what is deleted", async () => {
    const s = new Scenario();
    await s.finish(s.step("create"));
    s.world.reading = { ...s.world.reading, lingerMs: 9_000 };
    let deletions = 0;
    const { remove } = s.world.host;
    s.world.host.remove = (name, signal) => {
      deletions++;
      return remove(name, signal);
    };
    assert.equal(codeOf(await s.finish(s.step("remove"))), "succeeded");
    assert.equal(deletions, 1);
  });
});

describe("A deletion without effect, of what is not shown yet", () => {
  it("is not taken for done by the post-job step", async () => {
    const s = new Scenario();
    const { create } = s.world.host;
    // The record is shown before the group is.
    s.world.host.create = async (definition, signal) => {
      await s.clock.sleep(2_000);
      return create(definition, signal);
    };
    await s.finish(s.step("create", { onlineMs: 0 }));
    const [name = ""] = s.world.groups.keys();
    s.world.reading = { ...s.world.reading, unseenMs: 10_000, idleDeletes: 2 };
    await s.postJob({ version: 1, open: [name] });
    assert.deepEqual(s.left, []);
  });
});
