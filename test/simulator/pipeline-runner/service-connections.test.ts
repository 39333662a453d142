import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import {
  AzurePipelinesCredential,
  ClientCertificateCredential,
  ClientSecretCredential,
  type TokenCredential,
} from "@azure/identity";
import { oidcRequestUri } from "../../../simulator/devops/identity/job-oidc-tokens.ts";
import { azureDevOpsResource, containerRegistryResource } from "../../../simulator/entra/entra-site.ts";
import type { Endpoint } from "../../../simulator/job-execution/job/job-message.ts";
import {
  azureConnectionOf,
  managedMachineEnvironment,
  projectConnections,
  schemes,
} from "../../../simulator/pipeline-runner/service-connections/project-connections.ts";
import { type Simulator, startSimulator } from "../../../simulator/start-simulator.ts";
import { ask } from "../http/plain-request.ts";

describe("the project's service connections", () => {
  const uriBefore = process.env.SYSTEM_OIDCREQUESTURI;
  let simulator: Simulator;
  let jobToken: string;
  before(async () => {
    simulator = await startSimulator();
    const { organization, ready } = simulator;
    const definition = { id: 1, name: "deploy" };
    const run = organization.createRun({ project: ready.project, definition, kind: "Build" });
    run.start();
    const jobId = randomUUID();
    run.record({ id: jobId, type: "Job", name: "agent", state: "inProgress" });
    jobToken = organization.issueJobToken({ run }).token;
    const variables = { SYSTEM_OIDCREQUESTURI: oidcRequestUri(organization.url, run, jobId) };
    Object.assign(process.env, variables);
  });
  after(() => {
    if (uriBefore === undefined) delete process.env.SYSTEM_OIDCREQUESTURI;
    else process.env.SYSTEM_OIDCREQUESTURI = uriBefore;
    return simulator.stop();
  });

  const connection = (name: string): Endpoint =>
    projectConnections(simulator).find((each) => each.name === name) ?? assert.fail(`there is no connection ${name}`);

  /** What a task makes of a connection's own data, with the unmodified identity library. */
  function credentialOf({ id, authorization, data }: Endpoint): TokenCredential {
    const { scheme, parameters } = authorization;
    const lower = Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name.toLowerCase(), value]));
    const [tenant = "", client = ""] = [lower.tenantid, lower.serviceprincipalid];
    const options = {
      authorityHost: data.activeDirectoryAuthority ?? simulator.authority,
      disableInstanceDiscovery: true,
      tlsOptions: { ca: readFileSync(simulator.caFile) },
    };
    if (scheme === "ManagedServiceIdentity") {
      return { getToken: (scope) => fromMetadata(String(scope), data.msiclientId) };
    }
    if (scheme === "WorkloadIdentityFederation") {
      return new AzurePipelinesCredential(tenant, client, id, jobToken, options);
    }
    const certificate = lower.serviceprincipalcertificate;
    return certificate === undefined
      ? new ClientSecretCredential(tenant, client, lower.serviceprincipalkey ?? "", options)
      : new ClientCertificateCredential(tenant, client, { certificate }, options);
  }

  /** As the identity library asks; in one process it knows one metadata service only, which is another test's. */
  async function fromMetadata(scope: string, clientId: string | undefined) {
    const { AZURE_POD_IDENTITY_AUTHORITY_HOST: host } = managedMachineEnvironment(simulator);
    const url = new URL(`${host}/metadata/identity/oauth2/token?api-version=2018-02-01`);
    url.searchParams.set("resource", scope.replace(/\/\.default$/, ""));
    if (clientId !== undefined) url.searchParams.set("client_id", clientId);
    const answer = await fetch(url, { headers: { Metadata: "true" } });
    const { access_token, expires_on } = (await answer.json()) as { access_token: string; expires_on: string };
    return { token: access_token, expiresOnTimestamp: Number(expires_on) * 1000 };
  }

  async function token(endpoint: Endpoint, resource: string): Promise<string> {
    const issued = await credentialOf(endpoint).getToken(`${resource}/.default`);
    return issued?.token ?? assert.fail("there is no token");
  }

  async function listsGroups(endpoint: Endpoint): Promise<number> {
    const { subscriptionid } = endpoint.data;
    const audience = String(endpoint.data.activeDirectoryServiceEndpointResourceId);
    const path = `subscriptions/${subscriptionid}/resourceGroups/${simulator.resourceGroup}/providers/Microsoft.ContainerInstance/containerGroups`;
    const url = new URL(`${path}?api-version=2023-05-01`, endpoint.url);
    const authorization = `Bearer ${await token(endpoint, audience)}`;
    return (await ask(simulator.caFile, url.href, { headers: { authorization } })).status;
  }

  for (const name of [
    "azure-private-deployments",
    "azure-certificate",
    "azure-federated",
    "azure-managed-identity",
    "azure-user-assigned-identity",
  ]) {
    it(`'${name}' lets a task do what the shipped roles allow`, async () => {
      assert.equal(await listsGroups(connection(name)), 200);
    });
  }

  for (const cloud of ["AzureCloud", "AzureChinaCloud", "AzureUSGovernment", "AzureStack"] as const) {
    it(`may be one to ${cloud}, whose addresses are in the connection and nowhere else`, async () => {
      const { tenantId, clientId, clientSecret } = simulator.ready;
      const authorization = schemes.secret(tenantId, clientId, clientSecret);
      const endpoint = azureConnectionOf(`to ${cloud}`, simulator.ready, { authorization, cloud });
      assert.equal(endpoint.data.environment, cloud);
      assert.equal(await listsGroups(endpoint), 200);
    });
  }

  for (const name of ["registry-federated", "registry-managed-identity"]) {
    it(`'${name}' gets a password for the private image by exchange`, async () => {
      const endpoint = connection(name);
      const server = endpoint.authorization.parameters.loginServer ?? "";
      const form = {
        grant_type: "access_token",
        service: server,
        access_token: await token(endpoint, containerRegistryResource),
      };
      const answer = await ask(simulator.caFile, `https://${server}/oauth2/exchange`, {
        method: "POST",
        headers: { "content-type": "application/x-www-form-urlencoded" },
        body: new URLSearchParams(form).toString(),
      });
      const { refresh_token: password } = answer.json() as { refresh_token: string };
      const account = { username: "00000000-0000-0000-0000-000000000000", password };
      assert.ok(simulator.registry.pull(simulator.registry.privateImage, account));
    });
  }

  for (const name of ["agent-registry", "other-registry"]) {
    it(`'${name}' pulls the private image with what is in it`, () => {
      const { username, password, serviceprincipalid, serviceprincipalkey } = connection(name).authorization.parameters;
      const account = {
        username: username ?? serviceprincipalid ?? "",
        password: password ?? serviceprincipalkey ?? "",
      };
      assert.ok(simulator.registry.pull(simulator.registry.privateImage, account));
    });
  }

  it("'devops-federated' administers the pools as a member of the organization", async () => {
    const authorization = `Bearer ${await token(connection("devops-federated"), azureDevOpsResource)}`;
    const url = `${simulator.organization.url}_apis/distributedtask/pools?actionFilter=manage&api-version=7.1`;
    const answer = await ask(simulator.caFile, url, { headers: { authorization } });
    assert.match(answer.text, /"name":"ephemeral-agents"/);
    assert.equal(simulator.requests.entries.at(-1)?.caller, "agent-registrar");
  });

  it("have one id each, in every simulator the same", () => {
    const ids = projectConnections(simulator).map(({ id }) => id);
    assert.equal(new Set(ids).size, ids.length);
    assert.equal(connection("azure-federated").id, "850212e4-033f-45ad-8add-91dc657af214");
  });
});
