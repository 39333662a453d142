import assert from "node:assert/strict";
import { agentsOf } from "../../results-tab/src/merge.ts";
import { readRecord } from "../../results-tab/src/read-record.ts";
import { duration, visible } from "../../results-tab/src/text.ts";
import { served, step, stories } from "./stories.ts";

describe("The records of a run's steps", () => {
  it("are read as they were written", () => {
    const nameless = { ...served, job: { name: "", run: "20260302.1", result: "succeeded" } };
    const written = step({ agents: [served, nameless] });
    assert.deepEqual(readRecord(JSON.parse(JSON.stringify(written))), written);
  });

  it("are left out where they have another form, whole or in part", () => {
    const read = (stories.nonsense ?? []).map(readRecord);
    assert.deepEqual(
      read.map((one) => one?.agents),
      [undefined, undefined, undefined, undefined, [], []],
    );
  });

  it("of the step that creates an agent and of the one that removes it become one story", () => {
    const created = { ...served, phases: served.phases.slice(0, 2), result: "waiting" as const };
    const { place: _, cost: __, ...rest } = served;
    const removed = { ...rest, phases: served.phases.slice(4) };
    const later = new Date(Date.parse(step({}).began) + 5000).toISOString();
    const [agent, ...others] = agentsOf([
      step({ action: "remove", agents: [removed], began: later }),
      step({ action: "create", agents: [created] }),
    ]);
    assert.deepEqual(others, []);
    assert.equal(agent?.result, "served");
    assert.deepEqual(agent?.place, served.place);
    assert.deepEqual(
      agent?.phases.map(({ name }) => name),
      ["registered", "requested", "online", "assigned", "finished", "unregistered", "deleted"],
    );
  });
});

describe("Text on the tab", () => {
  it("shows what is hidden in it", () => {
    assert.equal(visible("a\u0007b\u202ec\u200bd\r\ne\tf"), "a\ufffdb\ufffdc\ufffdd\ne\tf");
  });

  for (const [ms, text] of [
    [400, "0 s"],
    [59_600, "1 min"],
    [61_000, "1 min 1 s"],
    [3_720_000, "1 h 2 min"],
  ] as const)
    it(`tells ${ms} ms as ${text}`, () => assert.equal(duration(ms), text));
});
