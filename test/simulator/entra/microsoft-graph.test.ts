import assert from "node:assert/strict";
import { ask } from "../http/plain-request.ts";
import { openTenant, resource, type Tenant } from "./tenant-fixture.ts";

describe("Microsoft Graph, at the tenant", () => {
  let tenant: Tenant;
  let principal: ReturnType<Tenant["directory"]["addServicePrincipal"]>;
  before(async () => {
    tenant = await openTenant();
    principal = tenant.directory.addServicePrincipal("ephemeral-agents");
  });
  after(() => tenant.close());

  async function get(path: string, audience = tenant.site.origin, options: object = {}) {
    const { token } = await tenant.tokens.issue(principal, audience);
    const headers = { authorization: `Bearer ${token}` };
    return ask(tenant.sites.caFile, `${tenant.site.origin}/v1.0/${path}`, { headers, ...options });
  }
  const byName = (name: string) =>
    `servicePrincipals?$filter=${encodeURIComponent(`servicePrincipalNames/any(c:c eq '${name}')`)}`;
  const ids = (text: string) => (JSON.parse(text) as { value: { id: string }[] }).value.map(({ id }) => id);

  it("finds a service principal by its application id, as the Azure CLI asks for an assignee", async () => {
    assert.deepEqual(ids((await get(byName(principal.appId))).text), [principal.objectId]);
    assert.deepEqual(ids((await get(byName("nobody"))).text), []);
  });

  it("shows a service principal by its object id, as `az ad sp show` asks after that", async () => {
    assert.match((await get(`servicePrincipals/${principal.objectId}`)).text, /"displayName":"ephemeral-agents"/);
    assert.equal((await get(`servicePrincipals/${principal.appId}`)).status, 404);
  });

  it("names those whose object ids are asked for", async () => {
    const body = { ids: [principal.objectId, "nobody"], types: ["servicePrincipal"] };
    const answer = await get("directoryObjects/getByIds", undefined, { method: "POST", body });
    assert.deepEqual(ids(answer.text), [principal.objectId]);
    assert.match(answer.text, /"displayName":"ephemeral-agents"/);
  });

  it("needs a token for itself, and says when it does not know a filter", async () => {
    assert.equal((await get(byName(principal.appId), resource)).status, 401);
    assert.equal((await get("servicePrincipals?$filter=displayName")).status, 501);
  });
});
