import assert from "node:assert/strict";
import { parse } from "../../EphemeralAgentTask/src/settings/parse-settings.ts";
import { rawEndpoint, rawTask, subscription } from "../in-memory/raw-inputs.ts";
import { good } from "./parsed.ts";

describe("The settings", () => {
  it("take the defaults that the README names", () => {
    const settings = good();
    assert.equal(settings.action, "run");
    assert.deepEqual(
      [
        settings.placements[0].cpu,
        settings.placements[0].memoryInGB,
        settings.agentCount,
        settings.agentPrefix,
        settings.onlineMs,
        settings.idleMs,
        settings.lifetimeMs,
      ],
      [1, 2, 1, "eph", 600_000, 3_600_000, 21_600_000],
    );
    assert.equal(settings.placements[0].subnetId, undefined);
  });

  it("cannot be changed afterwards", () => {
    assert.throws(() => Object.assign(good(), { image: "x" }), TypeError);
  });

  it("use the job's own token, or a personal access token that is given", () => {
    assert.deepEqual(good().devops, {
      url: "https://dev.azure.com/contoso/",
      token: { kind: "bearer", token: "job-token" },
      jobToken: "job-token",
    });
    assert.equal(good({ inputs: { azureDevOpsToken: "abcdefghijklmnop" } }).devops.token.kind, "personalAccessToken");
    assert.equal(good({ inputs: { azureDevOpsToken: "eyJhbGciOi.eyJzdWIi.c2ln" } }).devops.token.kind, "bearer");
  });

  it("build the subnet's id from names, in the container groups' resource group unless another is named", () => {
    const id = (group: string) =>
      `/subscriptions/${subscription}/resourceGroups/${group}/providers/Microsoft.Network/virtualNetworks/vnet/subnets/agents`;
    const names = { vnetName: "vnet", subnetName: "agents" };
    assert.equal(good({ inputs: names }).placements[0].subnetId, id("rg-agents"));
    assert.equal(good({ inputs: { ...names, vnetResourceGroupName: "rg-net" } }).placements[0].subnetId, id("rg-net"));
    assert.equal(good({ inputs: { subnetId: id("rg-x") } }).placements[0].subnetId, id("rg-x"));
  });

  it("mean no virtual network when no subnet is named, as with the predecessor", () => {
    assert.equal(good({ inputs: { vnetName: "vnet" } }).placements[0].subnetId, undefined);
  });

  it("look for an image without a registry in the connection's registry", () => {
    assert.equal(
      good({ inputs: { imageName: "agent:1", containerRegistry: "acr" } }).image,
      "contoso.azurecr.io/agent:1",
    );
    assert.equal(good({ inputs: { imageName: "agent:1" } }).image, "agent:1");
    assert.deepEqual(
      good({ inputs: { imageName: "registry.example.com/agent", containerRegistry: "docker" } }).registry,
      {
        kind: "password",
        server: "registry.example.com",
        username: "user",
        password: "pass",
      },
    );
  });

  it("take the predecessor's prefix with its hyphen at the end, and uppercase letters", () => {
    assert.equal(good({ inputs: { agentPrefix: "Sample-" } }).agentPrefix, "sample");
  });

  it("ask the organization at the address that the agent reaches, whatever a release calls it", () => {
    const url = (variables: Record<string, string | undefined>, system: string) =>
      good({
        variables: { "System.CollectionUri": undefined, ...variables },
        endpoints: { SYSTEMVSSCONNECTION: rawEndpoint({ AccessToken: "job-token" }, {}, "OAuth", system) },
      }).devops.url;
    const own = "https://dev.azure.com/contoso/";
    assert.equal(url({}, own), own);
    assert.equal(url({}, "https://vsrm.dev.azure.com/contoso/"), own);
    assert.equal(url({ "System.TeamFoundationCollectionUri": own }, "https://vsrm.dev.azure.com/contoso/"), own);
    const server = { "System.CollectionUri": "https://public.contoso.com/Main/" };
    assert.equal(url(server, "https://inside:8443/Main/"), "https://inside:8443/Main/");
  });

  it("let azureDevOpsUrl choose another of the organization's own addresses", () => {
    const variables = { "System.CollectionUri": undefined, "System.HostType": "release", "Release.ReleaseId": "7" };
    const system = rawEndpoint({ AccessToken: "job-token" }, {}, "OAuth", "https://contoso.vsrm.visualstudio.com/");
    const inputs = { azureDevOpsUrl: "https://dev.azure.com/contoso" };
    const settings = good({ variables, inputs, endpoints: { SYSTEMVSSCONNECTION: system } });
    assert.equal(settings.devops.url, "https://dev.azure.com/contoso/");
  });

  it("take an endpoint of one region for the registry that it belongs to", () => {
    const image = "contoso.westeurope.geo.azurecr.io/agent:1";
    const { registry } = good({ inputs: { imageName: image, containerRegistry: "acr" } });
    assert.equal(registry?.server, "contoso.westeurope.geo.azurecr.io");
  });

  it("say which variables look like secrets, and which the job does not see", () => {
    const parsed = parse(rawTask({ inputs: { environmentVariables: "DB_PASS=hunter2\nAGENT_USER=builder\nA=1" } }));
    assert.ok("notes" in parsed);
    assert.match(
      parsed.notes.join("\n"),
      /DB_PASS can be read by everybody.*\n.*the job gets AGENT_USER; it does not choose the user/,
    );
    assert.doesNotMatch(parsed.notes.join("\n"), /hunter2|\bA\b/);
  });

  it("say which of the predecessor's inputs are ignored", () => {
    const parsed = parse(rawTask({ inputs: { addSPNToContainer: "true", useGlobalConfig: "True" } }));
    assert.ok("notes" in parsed);
    assert.equal(parsed.notes.length, 2);
  });

  it("of remove need no image", () => {
    const parsed = parse(rawTask({ inputs: { action: "remove", imageName: undefined } }));
    assert.ok("settings" in parsed && parsed.settings.action === "remove");
  });

  it("read a custom cloud from its connection alone", () => {
    const azure = rawEndpoint(
      { serviceprincipalid: "c", serviceprincipalkey: "s", tenantid: "t" },
      {
        subscriptionid: subscription,
        environment: "AzureStack",
        activeDirectoryAuthority: "https://login.stack.example/",
        activeDirectoryServiceEndpointResourceId: "https://arm.stack.example/audience",
      },
      "ServicePrincipal",
      "https://arm.stack.example/",
    );
    assert.deepEqual(good({ endpoints: { azure } }).azure, {
      identity: { kind: "secret", tenantId: "t", clientId: "c", secret: "s" },
      environment: "AzureStack",
      subscriptionId: subscription,
      armUrl: "https://arm.stack.example",
      authorityUrl: "https://login.stack.example",
      audience: "https://arm.stack.example/audience",
      customAuthority: true,
    });
  });
});
