import assert from "node:assert/strict";
import { createPrivateKey, randomUUID, X509Certificate } from "node:crypto";
import { ClientCertificateCredential } from "@azure/identity";
import { decodeJwt, SignJWT } from "jose";
import { clientCertificate } from "../../../simulator/entra/client-certificate.ts";
import type { ServicePrincipal } from "../../../simulator/entra/directory.ts";
import { description, errorNumber, openTenant, resource, type Tenant } from "./tenant-fixture.ts";

const scope = `${resource}/.default`;
const day = 24 * 60 * 60 * 1000;

describe("a client certificate", () => {
  const pem = clientCertificate("ephemeral-agents");
  let tenant: Tenant;
  let principal: ServicePrincipal;
  before(async () => {
    tenant = await openTenant();
    principal = tenant.directory.addServicePrincipal("ephemeral-agents");
    tenant.directory.addCertificate(principal.appId, pem);
  });
  after(() => tenant.close());

  interface Assertion {
    readonly pem: string;
    readonly alg: "RS256" | "PS256" | "RS512";
    readonly thumbprint: "x5t" | "x5t#S256" | "misnamed" | "none";
    readonly claims: Readonly<Record<string, unknown>>;
  }

  async function assertion(changes: Partial<Assertion> = {}): Promise<string> {
    const { pem: signer = pem, alg = "RS256", thumbprint = "x5t", claims = {} } = changes;
    const certificate = new X509Certificate(signer);
    const fingerprint = thumbprint === "x5t" ? certificate.fingerprint : certificate.fingerprint256;
    const named = Buffer.from(fingerprint.replaceAll(":", ""), "hex").toString("base64url");
    const now = Math.floor(Date.now() / 1000);
    const all = {
      aud: `${tenant.site.origin}/${tenant.tenantId}/oauth2/v2.0/token`,
      iss: principal.appId,
      sub: principal.appId,
      jti: randomUUID(),
      nbf: now,
      exp: now + 600,
      ...claims,
    };
    const header = { alg, ...(thumbprint === "none" ? {} : { [thumbprint.replace("misnamed", "x5t")]: named }) };
    return new SignJWT(all).setProtectedHeader(header).sign(createPrivateKey(signer));
  }

  const present = async (changes: Partial<Assertion> = {}) =>
    tenant.token({
      grant_type: "client_credentials",
      client_id: principal.appId,
      scope,
      client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
      client_assertion: await assertion(changes),
    });

  it("gets the unmodified Azure identity library a token, from one PEM text with its key", async () => {
    const credential = new ClientCertificateCredential(
      tenant.tenantId,
      principal.appId,
      { certificate: pem },
      tenant.clientOptions,
    );
    const { token } = await credential.getToken(scope);
    assert.equal(decodeJwt(token).appid, principal.appId);
  });

  for (const alg of ["RS256", "PS256"] as const) {
    for (const thumbprint of ["x5t", "x5t#S256"] as const) {
      it(`may sign with ${alg} and be named by ${thumbprint}`, async () => {
        assert.equal((await present({ alg, thumbprint })).status, 200);
      });
    }
  }

  it("is refused when the application does not have it, naming its thumbprint", async () => {
    const other = clientCertificate("other");
    const answer = await present({ pem: other });
    assert.deepEqual([answer.status, errorNumber(answer)], [401, 700027]);
    assert.match(description(answer), /not registered on application\. \[Reason - The key was not found\./);
    const thumbprint = new X509Certificate(other).fingerprint.replaceAll(":", "");
    assert.ok(description(answer).includes(`Thumbprint of key used by client: '${thumbprint}'`), description(answer));
  });

  it("is refused when it has expired, naming its time", async () => {
    const old = clientCertificate("old", { notBefore: new Date(0), notAfter: new Date(Date.now() - day) });
    tenant.directory.addCertificate(principal.appId, old);
    const answer = await present({ pem: old });
    assert.equal(errorNumber(answer), 700027);
    assert.match(description(answer), /\[Reason - The key used is expired\.,.* Found key 'Start=01\/01\/1970 /);
  });

  it("is refused when something else signed in its name", async () => {
    const [header, claims] = (await assertion()).split(".");
    const signature = (await assertion({ pem: clientCertificate("other") })).split(".")[2];
    const answer = await tenant.token({
      grant_type: "client_credentials",
      client_id: principal.appId,
      scope,
      client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
      client_assertion: [header, claims, signature].join("."),
    });
    assert.match(description(answer), /AADSTS700027: Client assertion failed signature validation/);
  });

  const now = Math.floor(Date.now() / 1000);
  const refusals: [string, Partial<Assertion>, number][] = [
    ["another algorithm", { alg: "RS512" }, 700027],
    ["no thumbprint", { thumbprint: "none" }, 700027],
    ["a thumbprint under the other one's name", { thumbprint: "misnamed" }, 700027],
    ["an assertion for somebody else", { claims: { aud: "https://elsewhere/token" } }, 700023],
    ["an assertion about another application", { claims: { sub: randomUUID() } }, 700021],
    ["an assertion that is over", { claims: { nbf: now - 1200, exp: now - 600 } }, 700024],
    ["an assertion that is still to come", { claims: { nbf: now + 3600, exp: now + 7200 } }, 700024],
    ["an assertion without an end", { claims: { exp: undefined } }, 700024],
  ];
  for (const [what, changes, number] of refusals) {
    it(`is refused with ${what}`, async () => {
      const answer = await present(changes);
      assert.deepEqual([answer.status, errorNumber(answer)], [401, number], description(answer));
    });
  }

  it("is no use where the form does not say what the assertion is, or where it is none", async () => {
    const form = { grant_type: "client_credentials", client_id: principal.appId, scope };
    assert.equal(errorNumber(await tenant.token({ ...form, client_assertion: await assertion() })), 900144);
    const typed = { ...form, client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer" };
    assert.equal(errorNumber(await tenant.token({ ...typed, client_assertion: "a.b.c" })), 50027);
  });
});
