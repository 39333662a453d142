import assert from "node:assert/strict";
import { marksOf, place, scaleOf, spansOf } from "../../results-tab/src/spans.ts";
import { served } from "./stories.ts";

const end = Date.parse("2026-03-02T10:10:00Z");

describe("The phases of an agent", () => {
  it("follow each other without a gap", () => {
    const spans = spansOf(served, end);
    for (const [index, { to }] of spans.slice(0, -1).entries()) assert.equal(to, spans[index + 1]?.from);
    assert.deepEqual(
      spans.map(({ kind }) => kind),
      ["registering", "creating", "starting", "connecting", "waiting", "job", "removing", "removing"],
    );
  });

  it("last until now while the next one has not been seen", () => {
    const spans = spansOf({ ...served, phases: served.phases.slice(0, 2) }, end);
    assert.equal(spans.at(-1)?.to, end);
  });

  it("leave out what a clock that went back would make negative", () => {
    const [first, second] = served.phases;
    assert.ok(first && second);
    const phases = [
      { ...first, at: second.at },
      { ...second, at: first.at },
    ];
    assert.equal(spansOf({ ...served, phases }, end).length, 1);
  });

  it("are marked at round numbers, at most eight of them", () => {
    for (const seconds of [1, 7, 59, 200, 4000, 90_000]) {
      const scale = scaleOf([{ kind: "job", label: "", from: 0, to: seconds * 1000 }]);
      assert.ok(marksOf(scale).length <= 9, `${seconds} s`);
      assert.equal(place(scale, scale.to), 100);
    }
  });
});
