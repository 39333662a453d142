// Many agents of one step are not looked at as often as one.
import assert from "node:assert/strict";
import { Scenario } from "../../actions/in-memory-step.ts";

const counted = ["get", "list"] as const;

/** Counts the reads of the pool and of container groups by the steps to come. */
function counting(s: Scenario) {
  const counts = { get: 0, list: 0, group: 0 };
  for (const name of counted) {
    const read = s.world.pool[name] as (...parts: unknown[]) => unknown;
    Object.assign(s.world.pool, {
      [name]: (...parts: unknown[]) => {
        counts[name] += 1;
        return read(...parts);
      },
    });
  }
  const { get } = s.world.host;
  s.world.host.get = (name) => {
    counts.group += 1;
    return get(name);
  };
  return counts;
}

describe("The looks at the agents of one step", () => {
  it("are one list of records a second for all of them, and ten reads of groups", async () => {
    const s = new Scenario();
    s.world.behaviour.bootMs = 60_000;
    const agentCount = 50;
    const counts = counting(s);
    const step = s.step("create", { agentCount });
    await s.clock.pass(20_000);
    Object.assign(counts, { get: 0, list: 0, group: 0 });
    await s.clock.pass(30_000);
    assert.ok(counts.list >= 10 && counts.list <= 31, `${counts.list} lists in 30 s`);
    assert.equal(counts.get, 0, "reads of single records");
    assert.ok(counts.group >= agentCount * 4 && counts.group <= 330, `${counts.group} reads of groups in 30 s`);
    assert.deepEqual(await s.finish(step), { result: "succeeded" });
  });

  it("are reads of each record in a pool of many more, ten a second", async () => {
    const s = new Scenario();
    s.world.behaviour.bootMs = 60_000;
    const agentCount = 10;
    for (let number = 0; number < 200; number++) s.world.addRecord(`standing-${number}`, {});
    const counts = counting(s);
    const step = s.step("create", { agentCount });
    await s.clock.pass(20_000);
    Object.assign(counts, { get: 0, list: 0, group: 0 });
    await s.clock.pass(30_000);
    assert.equal(counts.list, 0, "lists");
    assert.ok(counts.get >= agentCount * 20 && counts.get <= 330, `${counts.get} reads of records in 30 s`);
    assert.deepEqual(await s.finish(step), { result: "succeeded" });
  });

  it("see within seconds that a job runs, and that it is over, however many there are", async () => {
    const s = new Scenario();
    s.world.placeholder();
    s.timeline({ deploy: "inProgress" });
    const agentCount = 40;
    for (let number = 0; number < agentCount; number++) s.world.queue({ runId: "101", lastsMs: 20_000 });
    const step = s.step("run", { agentCount });
    let over = 0;
    const enabled: string[] = [];
    s.world.onEnd = ({ name, enabled: isEnabled }) => {
      over = s.clock.now();
      if (isEnabled) enabled.push(name);
    };
    assert.deepEqual(await s.finish(step), { result: "succeeded" });
    assert.deepEqual(enabled, [], "taken out of service before the job's end");
    assert.ok(s.clock.now() - over < 15_000, `${s.clock.now() - over} ms after the last job`);
    assert.deepEqual(s.left, []);
  });

  it("do not believe a list that has not got a record", async () => {
    const s = new Scenario();
    s.world.behaviour.bootMs = 60_000;
    const { list } = s.world.pool;
    let listed = list;
    s.world.pool.list = () => listed();
    const step = s.step("create", { agentCount: 5 });
    await s.clock.pass(20_000);
    listed = async () => (await list()).slice(0, 2);
    assert.deepEqual(await s.finish(step), { result: "succeeded" });
  });
});
