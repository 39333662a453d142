import assert from "node:assert/strict";
import { demoArguments, Misuse, sampleList, sampleNames } from "../../../scripts/demo/arguments.ts";
import { type Failure, failureNames, failures, wentAsItShould } from "../../../scripts/demo/failures.ts";
import { summaryOf } from "../../../scripts/demo/run-summary.ts";
import { shortened, storyOf } from "../../../scripts/demo/stories.ts";
import type { RunReport } from "../../../simulator/pipeline-runner/run/run-results.ts";

const nothing = { agents: [], containerGroups: [] };

/** A run of one job with one error. */
function reported(message: string, result: RunReport["result"] = "failed"): RunReport {
  const issues = [{ type: "error" as const, message }];
  return { result, jobs: { deploy: { result, issues, log: [], outputs: {}, agentName: undefined } } };
}

describe("The demo's story", () => {
  it("is told in three lines before every sample and failure, and names commands that the demo takes", () => {
    const told = [
      ...sampleNames().map((sample) => storyOf(sample, undefined)),
      ...failureNames.map((name) => storyOf(failures[name].sample, name)),
    ];
    for (const { before, next } of told) {
      assert.equal(before.length, 3);
      assert.ok(next.length > 0);
      for (const [command] of next) {
        const [, args = ""] = /^npm run demo(?: -- (.*))?$/.exec(command) ?? assert.fail(command);
        assert.doesNotThrow(() => demoArguments(args.split(" ").filter((word) => word !== "")), command);
      }
    }
  });

  it("lists each sample with a whole sentence", () => {
    for (const line of sampleList()) assert.match(line, /^\S+ {2,}[A-Z].*\.$/);
  });

  it("shortens resource ids and GUIDs, and nothing else", () => {
    const group =
      "/subscriptions/678a4af9-7a97-42b3-9258-2222c2aa6049/resourceGroups/rg/providers/A.B/containerGroups/g";
    assert.equal(shortened(`requested (${group}), at 12:30`), "requested (…/containerGroups/g), at 12:30");
    assert.equal(shortened("plan 678a4af9-7a97-42b3-9258-2222c2aa6049 of /home/me"), "plan 678a4af9… of /home/me");
  });
});

describe("A demonstrated failure", () => {
  const image: Failure = failures.image;

  it("went as it should when the run failed with its reason and nothing stayed", () => {
    assert.equal(wentAsItShould(image, reported("EA401 The image cannot be pulled."), nothing), true);
  });

  it("did not when the run succeeded, another reason was told, or something stayed", () => {
    assert.equal(wentAsItShould(image, reported("EA401", "succeeded"), nothing), false);
    assert.equal(wentAsItShould(image, reported("EA301 The subnet"), nothing), false);
    assert.equal(wentAsItShould(image, reported("EA401"), { ...nothing, agents: ["eph-1"] }), false);
    assert.equal(wentAsItShould(image, reported("EA401"), { ...nothing, containerGroups: ["eph-1"] }), false);
  });

  it("is one that the demo knows, of a file of its own", () => {
    assert.equal(demoArguments(["--fail", "placeholder"]).fail, "placeholder");
    assert.match(demoArguments(["--fail", "placeholder"]).file, /parallel.azure-pipelines\.yml$/);
    assert.throws(() => demoArguments(["--fail", "fire"]), Misuse);
    assert.throws(() => demoArguments(["sweep", "--fail", "kill"]), Misuse);
  });
});

describe("The demo's summary page", () => {
  const attached = { timelineId: "t", recordId: "r", name: "n", createdOn: "" };

  it("is what the steps attached as a summary, in order", () => {
    const of = (type: string, text: string) => ({ ...attached, type, content: Buffer.from(text) });
    const summary = "Distributedtask.Core.Summary";
    assert.equal(summaryOf([of(summary, "# a\n"), of("ephemeral-agent", "{}"), of(summary, "# b")]), "# a\n\n# b\n");
  });

  it("is not there when no step attached one", () => assert.equal(summaryOf([]), undefined));
});
