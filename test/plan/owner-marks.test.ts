import assert from "node:assert/strict";
import { planAgent } from "../../EphemeralAgentTask/src/plan/agent-and-container-group.ts";
import {
  hostTypeOf,
  madeByRun,
  ofPool,
  ofStage,
  ownerMarks,
  ownerOf,
} from "../../EphemeralAgentTask/src/plan/owner-marks.ts";
import { shortened } from "../../EphemeralAgentTask/src/plan/shorten-owner-marks.ts";
import { identity, settings } from "../in-memory/valid-settings.ts";

const group = "/subscriptions/s/resourceGroups/rg";
const collectionId = "8c9d2f10-52c4-4f3e-9a3b-0a9a4f6f1a11";
const projectId = "0d3e4a52-7c1b-4b7e-8f65-3f1f0a7a9c22";

const marksOf = (parts: Partial<ReturnType<typeof identity>>) =>
  ownerMarks({ ...identity(), ...parts }, group, Date.parse("2026-01-05T10:00:00Z"));

describe("Which run owns an agent", () => {
  for (const value of ["release", "deployment", "gates", "Deployment"]) {
    it(`is told by the release where System.HostType is ${value}`, () => assert.equal(hostTypeOf(value), "release"));
  }

  it("is told by the build otherwise", () => {
    for (const value of ["build", "Build", "", undefined]) assert.equal(hostTypeOf(value), "build");
  });

  const renamed = { organizationUrl: "https://dev.azure.com/contoso-new/", projectId };
  const rows: [
    what: string,
    made: Partial<ReturnType<typeof identity>>,
    now: Partial<ReturnType<typeof identity>>,
    own: boolean,
  ][] = [
    ["the same organization", { collectionId }, { collectionId }, true],
    ["the organization under its new name", { collectionId, projectId }, { ...renamed, collectionId }, true],
    ["the new name, made by version 1.0", { projectId }, { ...renamed, collectionId }, true],
    ["the new name, by a run without System.CollectionId", { projectId, collectionId }, renamed, true],
    ["the former form of the address", {}, { organizationUrl: "https://contoso.visualstudio.com/" }, true],
    ["another id under the same name", { collectionId }, { collectionId: projectId }, false],
    [
      "another collection of a server, without an id",
      { organizationUrl: "https://tfs/a/", projectId },
      { organizationUrl: "https://tfs/b/", projectId },
      false,
    ],
    [
      "another name and a project that only has the same name",
      {},
      { organizationUrl: "https://dev.azure.com/fabrikam/" },
      false,
    ],
    ["another run", { collectionId, runId: "102" }, { collectionId }, false],
    ["a release of the same number", { collectionId, hostType: "release" }, { collectionId }, false],
  ];
  for (const [what, made, now, own] of rows) {
    it(`${own ? "is" : "is not"} this one: ${what}`, () => {
      const run = { ...identity(), ...now };
      assert.equal(madeByRun(run, marksOf(made)), own);
      if (made.runId === undefined) assert.equal(ownerOf(run, marksOf(made)) !== undefined, own);
    });
  }
});

describe("A mark that is longer than Azure lets a tag be", () => {
  const long = `${"Stage".repeat(60)}A`;
  const other = `${"Stage".repeat(60)}B`;

  it("is shortened to 256 characters, differs from others, and is the same each time", () => {
    assert.equal(shortened(long).length, 256);
    assert.notEqual(shortened(long), shortened(other));
    assert.equal(shortened(shortened(long)), shortened(long));
    assert.equal(shortened("x".repeat(256)), "x".repeat(256));
  });

  it("never ends in half a character", () => {
    assert.doesNotMatch(
      shortened(`${"x".repeat(238)}\u{1f680}${"x".repeat(30)}`),
      /[\ud800-\udbff](?![\udc00-\udfff])/,
    );
  });

  it("names its stage and pool all the same", () => {
    for (const marked of [long, shortened(long)]) {
      assert.ok(ofStage(long, marked));
      assert.ok(!ofStage(other, marked));
    }
    assert.ok(!ofStage("", undefined));
    assert.ok(ofPool(long, { "EphemeralAgent.Pool": shortened(long) }));
  });

  it("stays whole as a capability, which jobs demand", () => {
    const plan = planAgent(settings({ run: identity("101", long) }), "abc", 0);
    assert.equal(plan.capabilities["EphemeralAgent.Stage"], long);
  });
});
