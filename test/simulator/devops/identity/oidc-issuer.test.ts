import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { AzurePipelinesCredential } from "@azure/identity";
import { WebApi } from "azure-devops-node-api";
import { BearerCredentialHandler } from "azure-devops-node-api/handlers/bearertoken.js";
import { createRemoteJWKSet, customFetch, decodeJwt, jwtVerify } from "jose";
import { oidcRequestUri } from "../../../../simulator/devops/identity/job-oidc-tokens.ts";
import { base64OfGuid, type FederatedConnection } from "../../../../simulator/devops/identity/oidc-issuer.ts";
import { createOrganization, type Organization } from "../../../../simulator/devops/organization.ts";
import type { Run } from "../../../../simulator/devops/runs/runs.ts";
import { azureDevOpsResource, createEntra, type Entra } from "../../../../simulator/entra/entra-site.ts";
import { createSites, type Sites } from "../../../../simulator/http/https-sites.ts";
import { type Answer, ask } from "../../http/plain-request.ts";

const resource = "https://localhost:1";
const toAzure: FederatedConnection = { id: randomUUID(), name: "to azure", project: "Shop", signer: "tenant" };
const toOthers: FederatedConnection = { id: randomUUID(), name: "to-others", project: "Shop", signer: "organization" };

describe("an organization that vouches for its pipelines", () => {
  let sites: Sites;
  let entra: Entra;
  let organization: Organization;
  let authorityHost: string;
  before(async () => {
    sites = await createSites();
    const [login, devops, oauth, downloads] = await Promise.all(
      ["login", "devops", "agent-oauth", "downloads"].map(sites.open),
    );
    if (!login || !devops || !oauth || !downloads) throw new Error("A site did not open.");
    authorityHost = login.origin;
    entra = await createEntra(login, { resources: [resource, azureDevOpsResource] });
    organization = await createOrganization({ devops, oauth, downloads }, {}, entra);
    entra.trustIssuer(organization.oidc.issuer, organization.oidc.keys);
  });
  after(async () => {
    organization.close();
    await sites.close();
  });

  interface Job {
    readonly run: Run;
    readonly jobId: string;
    readonly token: string;
    readonly uri: string;
  }
  function job(serviceConnections?: readonly string[]): Job {
    const definition = { id: 7, name: "deploy" };
    const run = organization.createRun({ project: "Shop", definition, kind: "Build" });
    run.start();
    const jobId = randomUUID();
    run.record({ id: jobId, type: "Job", name: "agent", state: "inProgress" });
    const { token } = organization.issueJobToken({ run, ...(serviceConnections && { serviceConnections }) });
    return { run, jobId, token, uri: oidcRequestUri(organization.url, run, jobId) };
  }
  const request = ({ uri, token }: Pick<Job, "uri" | "token">, connectionId?: string): Promise<Answer> => {
    const query = connectionId === undefined ? "" : `&serviceConnectionId=${connectionId}`;
    const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
    return ask(sites.caFile, `${uri}?api-version=7.1${query}`, { method: "POST", headers });
  };
  const tokenOf = (answer: Answer): string => (answer.json() as { oidcToken: string }).oidcToken;

  for (const connection of [toAzure, toOthers]) {
    it(`lets the unmodified Azure identity library sign in by the connection '${connection.name}'`, async () => {
      const principal = entra.directory.addServicePrincipal(connection.name);
      entra.directory.addFederatedCredential(principal.appId, organization.addFederatedConnection(connection));
      const { uri, token } = job();
      const uriBefore = process.env.SYSTEM_OIDCREQUESTURI;
      process.env.SYSTEM_OIDCREQUESTURI = uri;
      try {
        const tlsOptions = { ca: readFileSync(sites.caFile) };
        const options = { authorityHost, disableInstanceDiscovery: true, tlsOptions };
        const { tenantId } = entra;
        const credential = new AzurePipelinesCredential(tenantId, principal.appId, connection.id, token, options);
        const signedIn = await credential.getToken(`${resource}/.default`);
        assert.equal(decodeJwt(signedIn.token).oid, principal.objectId);
      } finally {
        if (uriBefore === undefined) delete process.env.SYSTEM_OIDCREQUESTURI;
        else process.env.SYSTEM_OIDCREQUESTURI = uriBefore;
      }
    });
  }

  it("names organization, project and connection, and signs with keys that anybody can fetch", async () => {
    organization.addFederatedConnection(toOthers);
    const token = tokenOf(await request(job(), toOthers.id));
    const { iss = "", sub, aud, exp = 0, iat = 0 } = decodeJwt(token);
    assert.deepEqual([sub, aud], ["sc://contoso/Shop/to-others", "api://AzureADTokenExchange"]);
    assert.equal(iss, organization.oidc.issuer);
    assert.ok(exp - iat <= 600, "it is good for minutes");
    const configuration = await ask(sites.caFile, `${iss}/.well-known/openid-configuration`);
    const { issuer, jwks_uri } = configuration.json() as { issuer: string; jwks_uri: string };
    assert.equal(issuer, iss);
    const fetched = await ask(sites.caFile, jwks_uri);
    const keys = createRemoteJWKSet(new URL(jwks_uri), { [customFetch]: async () => new Response(fetched.text) });
    await jwtVerify(token, keys);
  });

  it("names a connection to Azure by ids only, and lets the tenant sign", async () => {
    organization.addFederatedConnection(toAzure);
    const claims = decodeJwt(tokenOf(await request(job(), toAzure.id)));
    assert.equal(claims.iss, entra.tokens.issuer);
    const place = `/eid1/c/pub/t/${base64OfGuid(entra.tenantId)}/a/rISbSSETf0KqFyZ8ppdXmA`;
    assert.equal(claims.sub, `${place}/sc/${organization.id}/${toAzure.id}`);
    assert.equal(base64OfGuid("ff882432-09b0-437b-bd22-ca13c0037ded"), "MiSI_7AJe0O9IsoTwAN97Q", "as was recorded");
  });

  it("names the pipeline when no connection is asked for", async () => {
    assert.equal(decodeJwt(tokenOf(await request(job()))).sub, "p://contoso/Shop/deploy");
  });

  it("answers the older client, which asks for the same by the plan", async () => {
    organization.addFederatedConnection(toOthers);
    const { run, jobId, token } = job();
    const cert = { caFile: sites.caFile };
    const api = new WebApi(organization.url, new BearerCredentialHandler(token), { cert });
    const tasks = await api.getTaskApi();
    const { oidcToken } = await tasks.createOidcToken({}, run.project.id, "build", run.planId, jobId, toOthers.id);
    assert.equal(decodeJwt(String(oidcToken)).sub, "sc://contoso/Shop/to-others");
  });

  it("vouches only for a job by its own token", async () => {
    organization.addFederatedConnection(toOthers);
    const [mine, other] = [job(), job()];
    assert.equal((await request({ ...mine, token: other.token }, toOthers.id)).status, 403);
    assert.equal((await request({ ...mine, token: organization.pat }, toOthers.id)).status, 403);
    assert.equal((await request({ ...mine, token: "guess" }, toOthers.id)).status, 401);
  });

  it("vouches only for a job that runs", async () => {
    organization.addFederatedConnection(toOthers);
    const over = job();
    over.run.record({ id: over.jobId, state: "completed", result: "succeeded" });
    assert.equal((await request(over, toOthers.id)).status, 404);
    const nowhere = job();
    assert.equal((await request({ ...nowhere, uri: nowhere.uri.replace(nowhere.jobId, randomUUID()) })).status, 404);
  });

  it("vouches only for connections that the job's steps name, and that are federated", async () => {
    organization.addFederatedConnection(toOthers);
    assert.equal((await request(job([toOthers.id]), toOthers.id)).status, 200);
    assert.match((await request(job([]), toOthers.id)).text, /"typeKey":"EndpointNotFoundException"/);
    assert.equal((await request(job(), randomUUID())).status, 404);
    const withSecret = randomUUID();
    organization.addConnection(withSecret);
    const answer = await request(job(), withSecret);
    assert.equal(answer.status, 400);
    assert.match(answer.text, /does not use workload identity federation/);
  });

  it("takes a service principal's token of its tenant, as a member or not at all", async () => {
    const principal = entra.directory.addServicePrincipal("agent-registrar");
    const pools = async (audience: string, scheme = "Bearer") => {
      const { token } = await entra.tokens.issue(principal, audience);
      const value = scheme === "Bearer" ? token : Buffer.from(`:${token}`).toString("base64");
      const url = `${organization.url}_apis/distributedtask/pools?api-version=7.1`;
      return ask(sites.caFile, url, { headers: { authorization: `${scheme} ${value}` } });
    };
    assert.equal((await pools(azureDevOpsResource)).status, 401, "no member yet");
    organization.addServicePrincipal({ objectId: principal.objectId, displayName: principal.displayName });
    assert.equal((await pools(azureDevOpsResource)).status, 200);
    assert.equal((await pools(azureDevOpsResource, "Basic")).status, 200);
    assert.equal((await pools(resource)).status, 401, "a token for somebody else");
    assert.equal(sites.requests.entries.filter(({ caller }) => caller === "agent-registrar").length, 2);
  });

  it("gives a member the role it has in the pools", async () => {
    const principal = entra.directory.addServicePrincipal("onlooker");
    const { objectId, displayName } = principal;
    organization.addServicePrincipal({ objectId, displayName, poolRole: "Reader" });
    const { token } = await entra.tokens.issue(principal, azureDevOpsResource);
    const answer = await ask(sites.caFile, `${organization.url}_apis/distributedtask/pools/1/agents?api-version=7.1`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}` },
      body: { name: "a" },
    });
    assert.equal(answer.status, 403);
    assert.match(answer.text, /onlooker needs Manage permissions/);
  });
});
