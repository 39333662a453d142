import assert from "node:assert/strict";
import { tally } from "../../EphemeralAgentTask/src/errors/count-repeated.ts";

describe("A list of what happened to many agents", () => {
  it("names each thing once, and how often it happened", () => {
    assert.equal(tally(["EA602"]), "EA602");
    assert.equal(tally(["EA602", "EA616", "EA602"]), "EA602 (2), EA616");
    assert.equal(tally([]), "");
  });
});
