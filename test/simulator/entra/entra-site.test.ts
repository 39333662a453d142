import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { ClientSecretCredential } from "@azure/identity";
import { createLocalJWKSet, decodeJwt, jwtVerify } from "jose";
import { createEntra, type Entra } from "../../../simulator/entra/entra-site.ts";
import { createSites, type OpenSite, type Sites } from "../../../simulator/http/https-sites.ts";
import { ask } from "../http/plain-request.ts";

const resource = "https://localhost:1";

describe("the simulated tenant", () => {
  let sites: Sites;
  let site: OpenSite;
  let entra: Entra;
  let principal: ReturnType<Entra["directory"]["addServicePrincipal"]>;

  before(async () => {
    sites = await createSites();
    site = await sites.open("login");
    entra = await createEntra(site, { resources: [resource] });
    principal = entra.directory.addServicePrincipal("ephemeral-agents");
  });
  after(() => sites.close());

  const credential = (appId: string, secret: string) =>
    new ClientSecretCredential(entra.tenantId, appId, secret, {
      authorityHost: site.origin,
      disableInstanceDiscovery: true,
      tlsOptions: { ca: readFileSync(sites.caFile) },
    });

  const token = (form: Record<string, string>, tenant = entra.tenantId) =>
    ask(sites.caFile, `${site.origin}/${tenant}/oauth2/v2.0/token`, {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams(form).toString(),
    });

  const good = () => ({
    grant_type: "client_credentials",
    client_id: principal.appId,
    client_secret: principal.secret,
    scope: `${resource}/.default`,
  });

  it("gives the unmodified Azure identity library a token that ARM accepts and its published keys prove", async () => {
    const issued = await credential(principal.appId, principal.secret).getToken(`${resource}/.default`);
    const claims = decodeJwt(issued.token);
    assert.deepEqual(
      [claims.aud, claims.appid, claims.oid, claims.tid],
      [resource, principal.appId, principal.objectId, entra.tenantId],
    );
    assert.ok((claims.exp ?? 0) * 1000 > Date.now());
    const keys = await ask(sites.caFile, `${site.origin}/${entra.tenantId}/discovery/v2.0/keys`);
    await jwtVerify(issued.token, createLocalJWKSet(keys.json() as Parameters<typeof createLocalJWKSet>[0]));
    assert.deepEqual(await entra.tokens.verify(issued.token, [resource]), {
      appId: principal.appId,
      objectId: principal.objectId,
      tenantId: entra.tenantId,
    });
  });

  it("keeps the slash of a resource that is asked for with one, and counts it as the same", async () => {
    const answer = await token({ ...good(), scope: `${resource}//.default` });
    const { access_token } = answer.json() as { access_token: string };
    assert.equal(decodeJwt(access_token).aud, `${resource}/`);
    await entra.tokens.verify(access_token, [resource]);
  });

  it("takes the scopes of OpenID Connect beside the resource's, as the Go libraries send them", async () => {
    const answer = await token({ ...good(), scope: `${resource}/.default openid offline_access profile` });
    assert.equal(answer.status, 200);
    assert.equal(decodeJwt((answer.json() as { access_token: string }).access_token).aud, resource);
  });

  it("does not verify a token meant for somebody else, changed, or expired", async () => {
    const other = await entra.tokens.issue(principal, "https://elsewhere");
    await assert.rejects(entra.tokens.verify(other.token, [resource]), /"aud"/);
    const { token: own } = await entra.tokens.issue(principal, resource);
    const [header, , signature] = own.split(".");
    const forged = Buffer.from(JSON.stringify({ ...decodeJwt(own), oid: "someone-else" })).toString("base64url");
    await assert.rejects(entra.tokens.verify([header, forged, signature].join("."), [resource]), /signature/);
    const brief = await createEntra(await sites.open("login-brief"), { resources: [], tokenLifetimeSeconds: -1 });
    const expired = await brief.tokens.issue(principal, resource);
    await assert.rejects(brief.tokens.verify(expired.token, [resource]), /"exp"/);
  });

  it("refuses a wrong secret as the library's users know it, without quoting it", async () => {
    await assert.rejects(credential(principal.appId, "guess-of-mine").getToken(`${resource}/.default`), (error) => {
      assert.ok(error instanceof Error);
      assert.match(error.message, /7000215.*Invalid client secret provided/s);
      assert.doesNotMatch(error.message, /guess-of-mine/);
      return true;
    });
    const answer = await token({ ...good(), client_secret: "guess" });
    assert.deepEqual([answer.status, (answer.json() as { error: string }).error], [401, "invalid_client"]);
  });

  const refusals: [string, (form: Record<string, string>) => Record<string, string>, number, RegExp][] = [
    [
      "an unknown application",
      (form) => ({ ...form, client_id: "11111111-0000-0000-0000-000000000000" }),
      400,
      /AADSTS700016:/,
    ],
    ["a missing client id", ({ client_id: _, ...form }) => form, 400, /AADSTS900144:.*'client_id'/],
    ["a missing secret", ({ client_secret: _, ...form }) => form, 401, /AADSTS7000216:/],
    ["another grant", (form) => ({ ...form, grant_type: "password" }), 400, /AADSTS70003:/],
    ["a scope that is no resource's default", (form) => ({ ...form, scope: "openid" }), 400, /AADSTS1002012:/],
    [
      "two resources",
      (form) => ({ ...form, scope: `${form.scope} https://management.azure.com/.default` }),
      400,
      /AADSTS1002012:/,
    ],
    ["an unknown resource", (form) => ({ ...form, scope: "https://unknown/.default" }), 400, /AADSTS500011:/],
  ];
  for (const [what, change, status, message] of refusals) {
    it(`refuses ${what} with the service's error`, async () => {
      const answer = await token(change(good()));
      assert.equal(answer.status, status);
      assert.match((answer.json() as { error_description: string }).error_description, message);
    });
  }

  it("refuses a tenant that is not its own at both endpoints", async () => {
    const answer = await token(good(), "other.example");
    assert.match(answer.text, /AADSTS90002: Tenant 'other.example' not found/);
    const configuration = await ask(sites.caFile, `${site.origin}/other.example/v2.0/.well-known/openid-configuration`);
    assert.equal(configuration.status, 400);
  });

  it("refuses a secret that has expired, and takes the newer one beside it", async () => {
    const { appId } = entra.directory.addServicePrincipal("renewed");
    const old = entra.directory.addSecret(appId, new Date(Date.now() - 1000));
    const answer = await token({ ...good(), client_id: appId, client_secret: old });
    assert.match((answer.json() as { error_description: string }).error_description, /AADSTS7000222:.*are expired/);
    const renewed = entra.directory.addSecret(appId);
    assert.equal((await token({ ...good(), client_id: appId, client_secret: renewed })).status, 200);
  });

  it("gives the older endpoint's clients a token for the resource they name", async () => {
    const { scope: _, ...form } = good();
    const answer = await ask(sites.caFile, `${site.origin}/${entra.tenantId}/oauth2/token`, {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams({ ...form, resource: `${resource}/` }).toString(),
    });
    const { access_token, resource: named } = answer.json() as { access_token: string; resource: string };
    assert.deepEqual([named, decodeJwt(access_token).aud], [`${resource}/`, `${resource}/`]);
  });

  it("names the principal in the request log and never its secret", async () => {
    await token(good());
    const logged = sites.requests.entries.at(-1);
    assert.equal(logged?.caller, "ephemeral-agents");
    assert.ok(!JSON.stringify(sites.requests.entries).includes(principal.secret));
  });
});
