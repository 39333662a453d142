import assert from "node:assert/strict";
import { costOf, defaultPrices } from "../../EphemeralAgentTask/src/report/cost-estimate.ts";

describe("The estimated cost of an agent", () => {
  it("counts begun seconds of each core and each GB", () => {
    const prices = { currency: "EUR", vcpuHour: 3600, gbHour: 36, of: "2026-01-01" };
    assert.deepEqual(costOf({ cpu: 2, memoryInGB: 4 }, 9.2, prices), {
      currency: "EUR",
      amount: 20.4,
      vcpuSeconds: 20,
      gbSeconds: 40,
      pricesOf: "2026-01-01",
    });
  });

  it("is some cents for an hour of the usual size", () => {
    const { amount, currency } = costOf({ cpu: 1, memoryInGB: 2 }, 3600, defaultPrices);
    assert.equal(currency, "USD");
    assert.ok(amount > 0.01 && amount < 0.2, String(amount));
  });
});
