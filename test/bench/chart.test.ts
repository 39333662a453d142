import assert from "node:assert/strict";
import { chart } from "../../scripts/bench/chart.ts";

const median = { put: 500, online: 2_000, ending: 600, gone: 4_000, cpu: 500, requests: 30 };
const slower = { ...median, online: 20_000, gone: 40_000 };

describe("The chart of the bench", () => {
  const result = {
    condition: "no delay",
    rounds: 9,
    ways: [
      { way: "run", median },
      { way: "sh <own.sh> & wait", median: slower },
    ],
  };

  it("shows each way with both of its times, to scale", () => {
    const picture = chart(result, "light");
    const widths = [...picture.matchAll(/<rect x="250" y="\d+" width="(\d+)" height="16"/g)].map(([, one]) =>
      Number(one),
    );
    assert.equal(widths.length, 4);
    const [online = 0, gone = 0, slowerOnline = 0, slowerGone = 0] = widths;
    assert.ok(Math.abs(gone - 2 * online) <= 1 && Math.abs(slowerGone - 2 * slowerOnline) <= 1);
    assert.ok(Math.abs(slowerGone - 10 * gone) <= 10);
    for (const time of ["2.0 s", "4.0 s", "20 s", "40 s"]) assert.ok(picture.includes(`>${time}</text>`), time);
    assert.match(picture, /no delay; medians of 9 rounds/);
  });

  it("is text whatever a way is called", () => {
    const picture = chart(result, "dark");
    assert.ok(picture.includes("sh &lt;own.sh&gt; &amp; wait") || picture.includes("sh &lt;own.sh> &amp; wait"));
    assert.doesNotMatch(picture, /<own/);
  });
});
