import assert from "node:assert/strict";
import { azureDevOpsResource } from "../../../simulator/entra/entra-site.ts";
import { ask } from "../http/plain-request.ts";
import { apiVersion, errorOf, plainGroup, type Stand, startStand } from "./azure-fixture.ts";

describe("a request to ARM", () => {
  let stand: Stand;
  before(async () => {
    stand = await startStand();
  });
  after(() => stand.stop());

  const path = () => `${stand.groupsPath}?${apiVersion}`;
  const withToken = async (token: string) =>
    ask(stand.sites.caFile, stand.armOrigin + path(), { headers: { authorization: `Bearer ${token}` } });

  it("needs a token, and is told where to get one", async () => {
    const answer = await ask(stand.sites.caFile, stand.armOrigin + path());
    assert.deepEqual([answer.status, errorOf(answer).code], [401, "AuthenticationFailed"]);
    assert.ok(String(answer.headers["www-authenticate"]).includes(`${stand.authority}/${stand.entra.tenantId}"`));
  });

  it("needs a token for ARM, not one for Azure DevOps, nor any other text", async () => {
    const { token } = await stand.entra.tokens.issue(stand.deployer, azureDevOpsResource);
    for (const [wrong, code] of [
      [token, "InvalidAuthenticationTokenAudience"],
      ["a.b.c", "InvalidAuthenticationToken"],
      ["nonsense", "InvalidAuthenticationToken"],
    ] as const) {
      const answer = await withToken(wrong);
      assert.deepEqual([answer.status, errorOf(answer).code], [401, code]);
    }
    const { token: right } = await stand.entra.tokens.issue(stand.deployer, stand.armOrigin);
    assert.equal((await withToken(right)).status, 200);
  });

  it("needs an api-version", async () => {
    const answer = await stand.call(stand.groupsPath);
    assert.deepEqual([answer.status, errorOf(answer).code], [400, "MissingApiVersionParameter"]);
  });

  for (const [version, status] of [
    ["2021-07-01", 200],
    ["2022-10-01-preview", 200],
    ["2025-09-01", 200],
    ["2023-05-02", 400],
    ["latest", 400],
  ] as const) {
    it(`of container groups may ${status === 200 ? "" : "not "}be of version ${version}`, async () => {
      const answer = await stand.call(`${stand.groupsPath}?api-version=${version}`);
      assert.equal(answer.status, status);
      if (status === 400) assert.match(errorOf(answer).message, /supported api-versions are '.*2023-05-01/);
    });
  }

  for (const [version, status] of [
    ["2021-04-01", 200],
    ["2025-04-01", 200],
    ["2010-13-01", 400],
    ["2999-01-01", 400],
    ["1999-01-01", 400],
    ["v2", 400],
  ] as const) {
    it(`of resource groups may ${status === 200 ? "" : "not "}be of version ${version}`, async () => {
      const answer = await stand.call(`${stand.groupPath}?api-version=${version}`);
      assert.equal(answer.status, status);
      if (status === 400) assert.equal(errorOf(answer).code, "InvalidApiVersionParameter");
    });
  }

  it("is answered with ids to look it up by, success or not, and keeps the client's correlation id", async () => {
    const headers = { "x-ms-correlation-request-id": "11111111-2222-3333-4444-555555555555" };
    for (const asked of [path(), stand.groupsPath, `${stand.groupsPath}/none?${apiVersion}`]) {
      const answer = await stand.call(asked, { headers });
      assert.match(String(answer.headers["x-ms-request-id"]), /^[0-9a-f-]{36}$/);
      assert.equal(answer.headers["x-ms-correlation-request-id"], headers["x-ms-correlation-request-id"]);
    }
  });

  it("names its caller in the log", async () => {
    await stand.call(path());
    assert.equal(stand.sites.requests.entries.at(-1)?.caller, "ephemeral-agents");
  });

  it("must name the subscription there is, and a resource group there is", async () => {
    const other = await stand.call(path().replace(stand.arm.subscriptionId, "22222222-0000-0000-0000-000000000000"));
    assert.deepEqual([other.status, errorOf(other).code], [404, "SubscriptionNotFound"]);
    const lost = await stand.call(path().replace(stand.resourceGroup, "rg-none"), {}, stand.administrator);
    assert.deepEqual([lost.status, errorOf(lost).code], [404, "ResourceGroupNotFound"]);
    const put = await stand.call(
      `${stand.groupsPath}/a?${apiVersion}`.replace(stand.resourceGroup, "rg-none"),
      { method: "PUT", body: plainGroup(stand) },
      stand.administrator,
    );
    assert.equal(errorOf(put).code, "ResourceGroupNotFound");
  });

  it("is answered 501 when the simulator does not know it", async () => {
    for (const [method, unknown] of [
      ["POST", `${stand.groupsPath}/a/containers/agent/exec?${apiVersion}`],
      ["GET", `${stand.groupsPath}/a/outboundNetworkDependenciesEndpoints?${apiVersion}`],
      ["GET", "/somewhere/else"],
    ] as const) {
      const answer = await stand.call(unknown, { method }, stand.administrator);
      assert.equal(answer.status, 501, `${method} ${unknown}`);
    }
  });

  it("of a custom cloud's client learns where to sign in, without a token", async () => {
    const answer = await ask(stand.sites.caFile, `${stand.armOrigin}/metadata/endpoints?api-version=2015-01-01`);
    assert.deepEqual((answer.json() as { authentication: object }).authentication, {
      loginEndpoint: stand.authority,
      audiences: [stand.armOrigin],
    });
  });
});
