import assert from "node:assert/strict";
import { readOptions } from "../../scripts/command-options.ts";

const options = {
  runs: { type: "string", value: "N", default: "30", from: 1 },
  pace: { type: "string", value: "PACE", oneOf: ["recorded", "median"] },
  against: { type: "string" },
  many: { type: "boolean" },
} as const;
const usage = "Usage: npm run bench -- [--runs N] [--pace PACE] [--against TEXT] [--many]";
const read = (...args: string[]) => readOptions("npm run bench --", options, args);

describe("The options of a command for developers", () => {
  it("have their defaults, and what is given", () => {
    const plain = { runs: "30", many: false };
    assert.deepEqual(read(), { values: Object.assign(Object.create(null), plain) });
    const given = { runs: "7", pace: "median", many: true };
    assert.deepEqual(read("--runs", "7", "--pace=median", "--many"), {
      values: Object.assign(Object.create(null), given),
    });
  });

  it("are told with all that is wrong, and what there is", () => {
    assert.deepEqual(read("--runs", "many", "--pace", "quick"), {
      wrong: [
        "--runs is 'many'; allowed: a whole number from 1",
        "--pace is 'quick'; allowed: recorded, median",
        usage,
      ],
    });
    for (const runs of ["0", "-1", "1.5", "", "NaN"]) assert.ok("wrong" in read(`--runs=${runs}`), runs);
  });

  it("are told where one is not known, lacks its value, or is none", () => {
    for (const args of [["--help"], ["--runs"], ["--many=yes"], ["more"]]) {
      const told = read(...args);
      assert.ok("wrong" in told, args.join(" "));
      assert.equal(told.wrong.at(-1), usage);
    }
  });
});
