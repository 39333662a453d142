import assert from "node:assert/strict";
import { ClientAssertionCredential } from "@azure/identity";
import { type CryptoKey, decodeJwt, exportJWK, generateKeyPair, SignJWT } from "jose";
import type { ServicePrincipal } from "../../../simulator/entra/directory.ts";
import { description, errorNumber, openTenant, resource, type Tenant } from "./tenant-fixture.ts";

const scope = `${resource}/.default`;
const issuer = "https://issuer.example/organization";
const subject = "sc://contoso/Shop/azure-federated";

describe("a federated credential", () => {
  let tenant: Tenant;
  let principal: ServicePrincipal;
  let privateKey: CryptoKey;
  before(async () => {
    tenant = await openTenant();
    principal = tenant.directory.addServicePrincipal("ephemeral-agents");
    tenant.directory.addFederatedCredential(principal.appId, { issuer, subject });
    const pair = await generateKeyPair("RS256");
    privateKey = pair.privateKey;
    const keys = { keys: [{ ...(await exportJWK(pair.publicKey)), kid: "1", alg: "RS256" }] };
    tenant.trustIssuer(issuer, async () => keys);
  });
  after(() => tenant.close());

  const now = Math.floor(Date.now() / 1000);
  const good = { iss: issuer, sub: subject, aud: "api://AzureADTokenExchange", nbf: now, exp: now + 600 };

  const assertion = (changes: Readonly<Record<string, unknown>> = {}, key = privateKey): Promise<string> =>
    new SignJWT({ ...good, ...changes }).setProtectedHeader({ alg: "RS256", kid: "1" }).sign(key);

  const present = (client_assertion: string, client_id = principal.appId) =>
    tenant.token({
      grant_type: "client_credentials",
      client_id,
      scope,
      client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
      client_assertion,
    });

  it("gets the unmodified Azure identity library a token for somebody else's assertion", async () => {
    const credential = new ClientAssertionCredential(
      tenant.tenantId,
      principal.appId,
      () => assertion(),
      tenant.clientOptions,
    );
    const { token } = await credential.getToken(scope);
    assert.equal(decodeJwt(token).oid, principal.objectId);
  });

  const refusals: [string, Readonly<Record<string, unknown>>, number, RegExp][] = [
    [
      "another issuer",
      { iss: `${issuer}/` },
      700211,
      /presented assertion issuer 'https:\/\/issuer\.example\/organization\/'/,
    ],
    [
      "another audience",
      { aud: "api://AzureADTokenExchangeChina" },
      700212,
      /audience 'api:\/\/AzureADTokenExchangeChina'/,
    ],
    [
      "another subject",
      { sub: "sc://contoso/Shop/other" },
      700213,
      /subject 'sc:\/\/contoso\/Shop\/other'\. Check your/,
    ],
    ["its subject in other letters", { sub: subject.toLowerCase() }, 7002138, /but not with case-sensitive comparison/],
    ["an assertion that is over", { nbf: now - 1200, exp: now - 600 }, 700024, /not within its valid time range/],
  ];
  for (const [what, changes, number, text] of refusals) {
    it(`does not hold for ${what}`, async () => {
      const answer = await present(await assertion(changes));
      assert.deepEqual([answer.status, errorNumber(answer)], [401, number], description(answer));
      assert.match(description(answer), text);
    });
  }

  it("does not hold for what its issuer did not sign", async () => {
    const { privateKey: another } = await generateKeyPair("RS256");
    assert.equal(errorNumber(await present(await assertion({}, another))), 700027);
  });

  it("does not hold while its issuer's keys cannot be had", async () => {
    const silent = tenant.directory.addServicePrincipal("silent");
    tenant.directory.addFederatedCredential(silent.appId, { issuer: "https://silent.example", subject });
    const answer = await present(await assertion({ iss: "https://silent.example" }), silent.appId);
    assert.equal(errorNumber(answer), 50166);
  });

  it("is needed: an application without one takes nobody's word", async () => {
    const { appId } = tenant.directory.addServicePrincipal("alone");
    const answer = await present(await assertion(), appId);
    assert.equal(errorNumber(answer), 70025);
    assert.match(description(answer), /'[-0-9a-f]+'\(alone\) has no configured federated identity credentials/);
  });

  it("may trust the tenant itself, which signs for the newer service connections", async () => {
    const subject = "/eid1/c/pub/t/a/a/b/sc/c/d";
    tenant.directory.addFederatedCredential(principal.appId, { issuer: tenant.tokens.issuer, subject });
    const { token } = await tenant.tokens.issueFor(subject, "api://AzureADTokenExchange");
    assert.equal((await present(token)).status, 200);
    await assert.rejects(
      tenant.tokens.verify(token, ["api://AzureADTokenExchange"]),
      /missing required/,
      "it is no access token",
    );
  });
});
