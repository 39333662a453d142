import assert from "node:assert/strict";
import { find } from "../../../scripts/live-smoke-test/point.ts";
import { redacted, smokeTest } from "../../../scripts/live-smoke-test/smoke.ts";
import { placeOf } from "../../../scripts/live-smoke-test/smoke-test-target.ts";
import { type Simulator, startSimulator } from "../../../simulator/start-simulator.ts";

/** What somebody with this simulator sets before the test. */
function environmentOf({ ready }: Simulator): Record<string, string> {
  return {
    AZURE_DEVOPS_URL: ready.organizationUrl,
    AGENT_POOL: ready.pool,
    AZURE_DEVOPS_EXT_PAT: ready.pat,
    AZURE_SUBSCRIPTION_ID: ready.subscriptionId,
    AZURE_TENANT_ID: ready.tenantId,
    // Who may read the quota of the subscription as well.
    AZURE_CLIENT_ID: ready.administratorClientId,
    AZURE_CLIENT_SECRET: ready.administratorClientSecret,
    RESOURCE_GROUP: ready.resourceGroup,
    SUBNET_ID: ready.subnetId,
    IMAGE: ready.image,
    OTHER_SUBNET_ID: ready.subnetId.replace(/[^/]+$/, "snet-apps"),
    AZURE_RESOURCE_MANAGER_URL: ready.arm,
    AZURE_AUTHORITY_URL: ready.authority,
  };
}

describe("The live smoke test", () => {
  it("finds every point as expected in the simulator, tells no secret and leaves nothing behind", async () => {
    // Long enough for a request that must arrive while the container group is being created.
    const simulator = await startSimulator({ engine: "process", azure: { timings: { pendingMs: 5_000 } } });
    try {
      const told: string[] = [];
      const place = await placeOf(environmentOf(simulator), () => assert.fail("everything is in the environment"));
      const result = await smokeTest(place, ({ id }) => told.push(id), simulator.caFile);
      const surprises = result.findings.filter(({ verdict }) => verdict !== "expected");
      assert.deepEqual(surprises, []);
      assert.deepEqual(
        result.findings.map(({ id }) => id),
        told,
      );
      assert.equal(new Set(told).size, told.length, "each point has a name of its own");
      const text = JSON.stringify(result);
      for (const secret of [place.AZURE_DEVOPS_EXT_PAT, place.AZURE_CLIENT_SECRET]) assert.ok(!text.includes(secret));
      assert.deepEqual(simulator.leftBehind(), { agents: [], containerGroups: [] });
    } finally {
      await simulator.stop();
    }
  });

  it("asks for what the environment does not say, and takes no empty answer", async () => {
    const asked: string[] = [];
    const place = await placeOf({ AGENT_POOL: "mine" }, async (name) => {
      asked.push(name);
      return name === "AZURE_DEVOPS_URL" ? "https://dev.azure.com/contoso" : "answer";
    });
    assert.equal(place.AGENT_POOL, "mine");
    assert.equal(place.AZURE_DEVOPS_URL, "https://dev.azure.com/contoso/");
    assert.ok(!asked.includes("AGENT_POOL") && asked.includes("AZURE_CLIENT_SECRET"));
    await assert.rejects(
      placeOf({}, async () => ""),
      /^Error: AZURE_DEVOPS_URL is missing/,
    );
  });

  it("takes what a point throws for a surprise, and goes on", async () => {
    const look = () => Promise.reject(new Error("no answer"));
    const found = await find({ id: "X", what: "a point", expected: "an answer", look });
    assert.deepEqual(found, { id: "X", what: "a point", expected: "an answer", verdict: "surprise", saw: "no answer" });
  });

  it("hides secrets, and what looks like a token", () => {
    assert.equal(redacted("a secret, ab secrets, eyJhbGciOi.eyJpc3M.c2ln", ["secret", ""]), "a ***, ab ***s, ***");
  });
});
