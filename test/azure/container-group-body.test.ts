import assert from "node:assert/strict";
import { allowanceIn } from "../../EphemeralAgentTask/src/azure/container-groups/container-group-body.ts";

const prefix = "x-ms-ratelimit-remaining-subscription-resource-requests-";
const told = (headers: Readonly<Record<string, string>>) => allowanceIn((name) => headers[name]);

describe("What Azure tells of further creates", () => {
  it("is how many may follow in 5 minutes and in an hour", () => {
    const headers = { [`${prefix}pt5m`]: "99", [`${prefix}pt1h`]: " 299 " };
    assert.deepEqual(told(headers), { allowance: { in5Minutes: 99, inHour: 299 } });
  });

  it("is nothing where a header is missing or no number", () => {
    assert.deepEqual(told({ [`${prefix}pt5m`]: "0" }), { allowance: { in5Minutes: 0 } });
    assert.deepEqual(told({ [`${prefix}pt5m`]: "many", [`${prefix}pt1h`]: "-1" }), {});
  });
});
