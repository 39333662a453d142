import assert from "node:assert/strict";
import { containerRegistryResource } from "../../../simulator/entra/entra-site.ts";
import { tokenUser } from "../../../simulator/registry/registry-accounts.ts";
import { arm, basic, bearer, field, openRegistry, type Stand } from "./registry-fixture.ts";

describe("a token of the tenant, at the registry", () => {
  let stand: Stand;
  before(async () => {
    stand = await openRegistry();
  });
  after(() => stand.sites.close());
  beforeEach(() => Object.assign(stand.switches, { publicNetworkAccess: true, takesArmTokens: true }));

  const manifest = "/v2/private/azure-pipelines-agent/manifests/latest";

  for (const audience of [containerRegistryResource, arm]) {
    it(`meant for ${audience} becomes a password that Azure and a client can pull with`, async () => {
      const answer = await stand.exchange(stand.puller, audience);
      assert.equal(answer.status, 200, answer.text);
      const password = field(answer, "refresh_token");
      const { registry } = stand;
      assert.ok(registry.pull(registry.privateImage, { username: tokenUser, password }));
      assert.equal((await stand.get(manifest, basic(tokenUser, password))).status, 200);
    });
  }

  it("meant for ARM is refused where the policy says so, one for the registry is not", async () => {
    stand.switches.takesArmTokens = false;
    const refused = await stand.exchange(stand.puller, arm);
    assert.deepEqual([refused.status, /"code":"UNAUTHORIZED"/.test(refused.text)], [401, true]);
    assert.equal((await stand.exchange(stand.puller)).status, 200);
  });

  it("meant for somebody else, or of somebody who may pull nothing, is refused", async () => {
    assert.equal((await stand.exchange(stand.puller, "https://elsewhere")).status, 401);
    assert.equal((await stand.exchange(stand.stranger)).status, 401);
  });

  it("opens one repository for a client that exchanges it twice", async () => {
    const refresh_token = field(await stand.exchange(stand.puller), "refresh_token");
    const form = {
      grant_type: "refresh_token",
      service: stand.registry.server,
      scope: "repository:private/azure-pipelines-agent:pull",
      refresh_token,
    };
    const token = field(await stand.post("/oauth2/token", form), "access_token");
    assert.equal((await stand.get(manifest, bearer(token))).status, 200);
    assert.equal((await stand.get("/v2/azure-pipelines-agent/manifests/latest", bearer(token))).status, 401);
    assert.equal((await stand.post("/oauth2/token", { ...form, refresh_token: "guess" })).status, 401);
    assert.equal((await stand.post("/oauth2/token", { ...form, grant_type: "other" })).status, 400);
  });

  it("must come with the registry's own name and tenant, and as what it is", async () => {
    const { token } = await stand.entra.tokens.issue(stand.puller, containerRegistryResource);
    const form = { grant_type: "access_token", service: stand.registry.server, access_token: token };
    const status = async (changes: Readonly<Record<string, string>>) =>
      (await stand.post("/oauth2/exchange", { ...form, ...changes })).status;
    assert.equal(await status({ tenant: stand.entra.tenantId }), 200);
    assert.equal(await status({ tenant: "other.example" }), 401);
    assert.equal(await status({ service: "other.azurecr.io" }), 400);
    assert.equal(await status({ grant_type: "password" }), 400);
    assert.equal(await status({ access_token: "guess" }), 401);
  });

  it("names its principal in the request log, and nothing of the token", async () => {
    const { token } = await stand.entra.tokens.issue(stand.puller, containerRegistryResource);
    const form = { grant_type: "access_token", service: stand.registry.server, access_token: token };
    const answer = await stand.post("/oauth2/exchange", form);
    const log = JSON.stringify(stand.sites.requests.entries);
    assert.equal(stand.sites.requests.entries.at(-1)?.caller, "puller");
    for (const secret of [token, field(answer, "refresh_token")]) assert.ok(!log.includes(secret));
  });
});

describe("a registry with a private endpoint", () => {
  let stand: Stand;
  before(async () => {
    stand = await openRegistry();
    stand.switches.publicNetworkAccess = false;
  });
  after(() => stand.sites.close());

  it("answers nobody from outside, whatever they bring", async () => {
    const credentials = basic(stand.puller.appId, stand.puller.secret);
    for (const answer of [
      await stand.get("/v2/", credentials),
      await stand.get("/v2/azure-pipelines-agent/manifests/latest", credentials),
      await stand.get(`/oauth2/token?service=${stand.registry.server}`),
      await stand.exchange(stand.puller),
    ]) {
      assert.equal(answer.status, 403);
      assert.match(answer.text, /"code":"DENIED".*is not allowed access\. Refer https:\/\/aka\.ms\/acr\/firewall/);
    }
  });

  it("gives Azure its images for a managed identity that may pull, and for nobody else", () => {
    const { registry, puller, stranger } = stand;
    assert.ok(registry.pull(registry.privateImage, { objectId: puller.objectId }));
    assert.equal(registry.pull(registry.privateImage, { objectId: stranger.objectId }), undefined);
    assert.equal(registry.pull(registry.image), undefined);
    const account = { username: puller.appId, password: puller.secret };
    assert.equal(registry.pull(registry.privateImage, account), undefined);
  });
});
