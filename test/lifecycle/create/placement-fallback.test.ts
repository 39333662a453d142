// Azure says that it has no room, and the agent is there all the same: its group must not go for another placement.
import assert from "node:assert/strict";
import { codeOf, Scenario } from "../../actions/in-memory-step.ts";

const placements = [
  { location: "westeurope", cpu: 4, memoryInGB: 8 },
  { location: "westeurope", cpu: 1, memoryInGB: 2 },
] as const;

interface Said {
  readonly s: Scenario;
  /** CPUs that were asked for. */
  readonly asked: number[];
  /** Of agents whose group was deleted while they were online or had a job. */
  readonly taken: string[];
}

/** Azure calls a group of four CPUs failed for lack of room `afterMs` after it was asked for; its container works on. */
function noRoom(afterMs: number): Said {
  const s = new Scenario();
  s.world.placeholder();
  s.timeline({ deploy: "inProgress" });
  s.world.behaviour.bootMs = 10_000;
  const asked: number[] = [];
  const taken: string[] = [];
  const { create, get, remove } = s.world.host;
  const since = new Map<string, number>();
  s.world.host.create = (definition) => {
    asked.push(definition.cpu);
    since.set(definition.name, definition.cpu === 4 ? s.clock.now() : Number.POSITIVE_INFINITY);
    return create(definition);
  };
  const event = { name: "InsufficientCapacity.", message: "no room", type: "Warning", count: 1, lastTimestamp: "" };
  s.world.host.get = async (name) => {
    const group = await get(name);
    const failed = s.clock.now() - (since.get(name) ?? 0) >= afterMs;
    return group && failed ? { ...group, provisioningState: "Failed", events: [event] } : group;
  };
  s.world.host.remove = (name) => {
    const record = s.world.recordNamed(name);
    if (record?.online || record?.assigned) taken.push(name);
    return remove(name);
  };
  return { s, asked, taken };
}

describe("The group of an agent that Azure has no room for", () => {
  for (const registration of ["task", "container"] as const) {
    for (const [when, afterMs] of [
      ["as it comes online", 10_000],
      ["while it waits for its job", 20_000],
    ] as const) {
      it(`stays when that is said ${when}, with registration by the ${registration}`, async () => {
        const { s, asked, taken } = noRoom(afterMs);
        const step = s.step("run", { registration, placements });
        await s.clock.pass(30_000);
        const job = s.world.queue({ runId: "101" });
        const end = await s.finish(step);
        assert.deepEqual(taken, [], step.task.log);
        assert.deepEqual(s.world.broken, []);
        assert.equal(codeOf(end), "succeeded", step.task.log);
        assert.deepEqual([job?.starts, job?.result, asked.length], [1, "succeeded", 1]);
        assert.deepEqual(s.left, []);
      });
    }
  }

  it("stays while its job runs, and the step follows that", async () => {
    const { s, asked } = noRoom(40_000);
    const job = s.world.queue({ runId: "101", lastsMs: 60_000 });
    const step = s.step("run", { placements });
    assert.equal(codeOf(await s.finish(step)), "succeeded", step.task.log);
    assert.deepEqual([job?.starts, job?.result, asked.length], [1, "succeeded", 1]);
    assert.deepEqual(s.world.broken, []);
    assert.deepEqual(s.left, []);
  });

  it("goes when the agent is not there yet, which then serves its job at the next placement", async () => {
    const { s, asked, taken } = noRoom(9_000);
    const job = s.world.queue({ runId: "101" });
    const step = s.step("run", { placements });
    assert.equal(codeOf(await s.finish(step)), "succeeded", step.task.log);
    assert.deepEqual(taken, []);
    assert.deepEqual([job?.starts, job?.result], [1, "succeeded"]);
    assert.deepEqual(asked, [4, 1]);
    assert.deepEqual(s.left, []);
  });
});
