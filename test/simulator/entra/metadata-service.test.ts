import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { request } from "node:http";
import { promisify } from "node:util";
import { decodeJwt } from "jose";
import { repository } from "../../../scripts/build/bundle.ts";
import { type ManagedIdentities, serveImds } from "../../../simulator/entra/metadata-service.ts";
import type { OpenSite } from "../../../simulator/http/https-sites.ts";
import { openTenant, resource, type Tenant } from "./tenant-fixture.ts";

const id = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.ManagedIdentity/userAssignedIdentities/deployer";

describe("the metadata service of a machine", () => {
  const hostBefore = process.env.AZURE_POD_IDENTITY_AUTHORITY_HOST;
  let tenant: Tenant;
  let site: OpenSite;
  let identities: ManagedIdentities;
  before(async () => {
    tenant = await openTenant();
    site = await tenant.sites.openPlain("imds");
    serveImds(site, tenant, () => identities);
    process.env.AZURE_POD_IDENTITY_AUTHORITY_HOST = site.origin;
  });
  after(() => {
    if (hostBefore === undefined) delete process.env.AZURE_POD_IDENTITY_AUTHORITY_HOST;
    else process.env.AZURE_POD_IDENTITY_AUTHORITY_HOST = hostBefore;
    return tenant.close();
  });
  beforeEach(() => {
    identities = { userAssigned: [] };
  });

  const userAssigned = (name = "deployer") => ({ id, principal: tenant.directory.addManagedIdentity(name) });
  const scope = `${resource}/.default`;

  /**
   * What the unmodified library gets. It keeps one source of tokens for a whole process, which another test may have bound to
   * a client of its own: so it runs in a process of its own.
   */
  async function tokenFor(clientId = ""): Promise<string> {
    const script = `
      const { ManagedIdentityCredential } = require("@azure/identity");
      const { CLIENT_ID: clientId, SCOPE: scope } = process.env;
      new ManagedIdentityCredential(clientId ? { clientId } : {}).getToken(scope).then(({ token }) => process.stdout.write(token));`;
    const env = { ...process.env, CLIENT_ID: clientId, SCOPE: scope };
    const { stdout } = await promisify(execFile)(process.execPath, ["-e", script], { cwd: repository, env });
    return stdout;
  }

  interface Plain {
    readonly status: number;
    readonly body: Readonly<Record<string, string>>;
  }
  const get = (query: string, headers: Record<string, string> = { Metadata: "true" }): Promise<Plain> =>
    new Promise((resolve, reject) => {
      const outgoing = request(`${site.origin}/metadata/identity/oauth2/token?${query}`, { headers }, (incoming) => {
        let text = "";
        incoming.on("data", (chunk: Buffer) => {
          text += chunk.toString();
        });
        incoming.on("end", () => resolve({ status: incoming.statusCode ?? 0, body: JSON.parse(text) }));
      });
      outgoing.on("error", reject).end();
    });
  const wellFormed = `api-version=2018-02-01&resource=${encodeURIComponent(resource)}`;

  it("gives the unmodified Azure identity library a token of the machine's own identity", async () => {
    const systemAssigned = tenant.directory.addManagedIdentity("agent-machine");
    identities = { systemAssigned, userAssigned: [userAssigned()] };
    const token = await tokenFor();
    assert.equal(decodeJwt(token).oid, systemAssigned.objectId);
    await tenant.tokens.verify(token, [resource]);
  });

  it("gives it one of a user-assigned identity, by client id", async () => {
    const deployer = userAssigned();
    identities = { userAssigned: [userAssigned("other"), deployer] };
    const token = await tokenFor(deployer.principal.appId);
    assert.equal(decodeJwt(token).oid, deployer.principal.objectId);
  });

  it("knows an identity by its object id and its resource id too", async () => {
    const deployer = userAssigned();
    identities = { userAssigned: [{ ...userAssigned("other"), id: `${id}-2` }, deployer] };
    for (const query of [
      `object_id=${deployer.principal.objectId}`,
      `mi_res_id=${id}`,
      `msi_res_id=${id.toUpperCase()}`,
    ]) {
      const { body } = await get(`${wellFormed}&${query}`);
      assert.equal(body.client_id, deployer.principal.appId, query);
    }
  });

  it("takes the only user-assigned identity without being told, and tells all numbers as text", async () => {
    const deployer = userAssigned();
    identities = { userAssigned: [deployer] };
    const { body } = await get(wellFormed);
    assert.equal(body.client_id, deployer.principal.appId);
    assert.ok(Number(body.expires_on) > Date.now() / 1000);
    assert.deepEqual([typeof body.expires_on, typeof body.expires_in, body.resource], ["string", "string", resource]);
  });

  const refusals: [string, string, Record<string, string>, RegExp][] = [
    ["the header Metadata", wellFormed, {}, /Required metadata header not specified/],
    ["a request of its own machine", wellFormed, { Metadata: "true", "X-Forwarded-For": "1.2.3.4" }, /X-Forwarded-For/],
    ["an api-version", `resource=${resource}`, { Metadata: "true" }, /'api-version' is missing/],
    ["a resource", "api-version=2018-02-01", { Metadata: "true" }, /'resource' is missing/],
    ["an identity", wellFormed, { Metadata: "true" }, /Identity not found/],
    ["a known identity", `${wellFormed}&client_id=nobody`, { Metadata: "true" }, /Identity not found/],
  ];
  for (const [what, query, headers, text] of refusals) {
    it(`needs ${what}`, async () => {
      const { status, body } = await get(query, headers);
      assert.equal(status, 400);
      assert.match(String(body.error_description), text);
    });
  }

  it("wants to be told which of several user-assigned identities is meant", async () => {
    identities = { userAssigned: [userAssigned(), userAssigned("other")] };
    assert.match(String((await get(wellFormed)).body.error_description), /Multiple user assigned identities exist/);
  });

  it("refuses a resource that the tenant does not know", async () => {
    identities = { userAssigned: [userAssigned()] };
    const { status, body } = await get("api-version=2018-02-01&resource=https://unknown");
    assert.deepEqual([status, body.error], [400, "invalid_resource"]);
  });
});
