import assert from "node:assert/strict";
import { ClientCertificateCredential, ClientSecretCredential } from "@azure/identity";
import { decodeJwt } from "jose";
import { clientCertificate } from "../../../simulator/entra/client-certificate.ts";
import { ask } from "../http/plain-request.ts";
import { openTenant, resource, type Tenant } from "./tenant-fixture.ts";

describe("the tenant as an ADFS", () => {
  let tenant: Tenant;
  let principal: ReturnType<Tenant["directory"]["addServicePrincipal"]>;
  before(async () => {
    tenant = await openTenant();
    principal = tenant.directory.addServicePrincipal("administrator");
  });
  after(() => tenant.close());

  const options = () => ({ ...tenant.clientOptions, authorityHost: tenant.site.origin });

  it("is found where the Azure CLI looks for it, below /adfs and below /adfs/adfs", async () => {
    for (const place of ["adfs", "adfs/adfs", "adfs/adfs/v2.0"]) {
      const answer = await ask(tenant.sites.caFile, `${tenant.site.origin}/${place}/.well-known/openid-configuration`);
      const { token_endpoint } = answer.json() as { token_endpoint: string };
      assert.equal(token_endpoint, `${tenant.site.origin}/adfs/oauth2/token`);
    }
  });

  it("gives the unmodified Azure identity library a token for a secret, with the claims that the Azure CLI reads", async () => {
    const credential = new ClientSecretCredential("adfs", principal.appId, principal.secret, options());
    const { token } = await credential.getToken(`${resource}/.default`);
    const { oid, tid, appid } = decodeJwt(token);
    assert.deepEqual([oid, tid, appid], [principal.objectId, tenant.tenantId, principal.appId]);
    await tenant.tokens.verify(token, [resource]);
  });

  it("takes a certificate as well, in the older form that the library keeps for it", async () => {
    const certificate = clientCertificate("administrator");
    tenant.directory.addCertificate(principal.appId, certificate);
    const credential = new ClientCertificateCredential("adfs", principal.appId, { certificate }, options());
    assert.ok((await credential.getToken(`${resource}/.default`)).token);
  });

  it("takes a resource by its name, as scripts send it", async () => {
    const form = { grant_type: "client_credentials", client_id: principal.appId, client_secret: principal.secret };
    const answer = await tenant.token({ ...form, resource }, "/adfs/oauth2/token");
    assert.equal(answer.status, 200);
  });

  it("refuses a wrong secret in its own words", async () => {
    const form = { grant_type: "client_credentials", client_id: principal.appId, client_secret: "guess", resource };
    const answer = await tenant.token(form, "/adfs/oauth2/token");
    assert.deepEqual([answer.status, (answer.json() as { error: string }).error], [401, "invalid_client"]);
    assert.match(answer.text, /MSIS9622: Client authentication failed/);
  });
});
