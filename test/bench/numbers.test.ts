import assert from "node:assert/strict";
import { cells, isOver, quantile } from "./numbers.ts";

describe("The bench's numbers", () => {
  it("are values that were measured", () => {
    assert.equal(quantile([3, 1, 2], 0.5), 2);
    assert.equal(quantile([4, 1, 3, 2], 0.5), 2);
    assert.equal(quantile([1, 2, 9], 0.99), 9);
    assert.equal(
      quantile(
        Array.from({ length: 200 }, (_, index) => index),
        0.99,
      ),
      197,
    );
  });

  it("are compared with a limit and with one another", () => {
    const row = { what: "start", values: [100, 200, 300], unit: "ms" as const, limit: 250 };
    assert.equal(isOver(row), true);
    assert.deepEqual(cells({ ...row, by: [50, "bare node"] }), [
      "start",
      "200 ms",
      "300 ms",
      "250 ms",
      "1.20, over",
      "4.0 × bare node",
    ]);
    assert.equal(isOver({ ...row, limit: 300 }), false);
  });
});
