import assert from "node:assert/strict";
import { parse } from "../../EphemeralAgentTask/src/settings/parse.ts";
import { problemsError } from "../../EphemeralAgentTask/src/settings/problems.ts";
import type { Settings } from "../../EphemeralAgentTask/src/settings.ts";
import { type RawParts, rawEndpoint, rawTask, subscription } from "../fakes/raw-task.ts";

function good(parts: RawParts = {}): Extract<Settings, { action: "run" | "create" }> {
  const parsed = parse(rawTask(parts));
  assert.ok("settings" in parsed, "problems" in parsed ? problemsError(parsed.problems).message : "");
  assert.ok(parsed.settings.action === "run" || parsed.settings.action === "create");
  return parsed.settings;
}

function bad(parts: RawParts): string {
  const parsed = parse(rawTask(parts));
  assert.ok("problems" in parsed, "these inputs must be refused");
  return problemsError(parsed.problems).message;
}

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

describe("Fallbacks", () => {
  const names = {
    vnetResourceGroupName: "rg-net",
    vnetName: "vnet",
    subnetName: "a",
    CPU: "4",
    location: "westeurope",
  };
  const placed = (fallbacks: string) => good({ inputs: { ...names, fallbacks } }).placements;

  it("change what their line names and keep the rest", () => {
    const [first, second, third] = placed("CPU=2 memory=4\nsubnetName=b, vnetName=vnet-b");
    assert.deepEqual([first.cpu, first.location], [4, "westeurope"]);
    assert.deepEqual(second, { ...first, cpu: 2, memoryInGB: 4 });
    assert.match(third?.subnetId ?? "", /rg-net.*vnet-b\/subnets\/b$/);
    assert.equal(third?.location, undefined, "another network may be in another region");
  });

  it("are checked as the inputs are", () => {
    assert.match(
      bad({ inputs: { ...names, fallbacks: "CPU=99" } }),
      /fallbacks: found 'CPU=99'; CPU: allowed: a number/,
    );
    assert.match(
      bad({ inputs: { ...names, fallbacks: "cores=2" } }),
      /fallbacks: found 'cores=2'; allowed in a line: subnetId=/,
    );
  });
});

describe("Bad input", () => {
  it("is told all at once, by the names that users write", () => {
    const message = bad({
      inputs: {
        connectedServiceNameARM: "",
        resourceGroupName: "",
        agentPool: "",
        imageName: "",
        CPU: "0",
        memory: "lots",
        agentCount: "1.5",
      },
    });
    assert.match(message, /7 problems:/);
    for (const name of [
      "azureSubscription",
      "resourceGroupName",
      "agentPool",
      "imageName",
      "CPU",
      "memory",
      "agentCount",
    ]) {
      assert.match(message, new RegExp(`- ${name}: `), `${name} is missing in:\n${message}`);
    }
    assert.doesNotMatch(message, /connectedServiceNameARM/);
  });

  const refused: [what: string, parts: RawParts, said: RegExp][] = [
    ["an unknown action", { inputs: { action: "destroy" } }, /action: found 'destroy'; allowed: run, create, remove/],
    ["too much CPU", { inputs: { CPU: "32" } }, /CPU: found '32'; allowed: a number, .* from 0.1 to 31/],
    ["a decimal comma", { inputs: { memory: "1,5" } }, /memory: found '1,5'; .*with a point for decimals/],
    [
      "a negative time",
      { inputs: { timeoutAgentOnline: "-1" } },
      /timeoutAgentOnline: found '-1'; allowed: a whole number from 0 to 3600/,
    ],
    ["no agents", { inputs: { agentCount: "0" } }, /agentCount: found '0'/],
    ["an idle time of 0", { inputs: { idleTimeoutMinutes: "0" } }, /idleTimeoutMinutes: found '0'/],
    ["a lifetime beyond a week", { inputs: { lifetimeMinutes: "99999" } }, /lifetimeMinutes: found '99999'/],
    [
      "a macro that nothing expanded",
      { inputs: { imageName: "contoso.azurecr.io/agent:$(tag)" } },
      /imageName: found '\$\(tag\)'; the variable 'tag' is not defined/,
    ],
    [
      "a macro instead of a connection",
      { inputs: { connectedServiceNameARM: "$(connection)" } },
      /azureSubscription: found '\$\(connection\)'/,
    ],
    [
      "a subnet without its network",
      { inputs: { subnetName: "agents" } },
      /vnetName: nothing was given; it is needed with subnetName 'agents'/,
    ],
    [
      "a subnet id that is none",
      { inputs: { subnetId: "agents" } },
      /subnetId: found 'agents'; allowed: \/subscriptions/,
    ],
    [
      "a subnet of another subscription",
      {
        inputs: {
          subnetId:
            "/subscriptions/22222222-2222-2222-2222-222222222222/resourceGroups/r/providers/Microsoft.Network/virtualNetworks/v/subnets/s",
        },
      },
      /subnetId: .*must be in the service connection's subscription 11111111/,
    ],
    [
      "a subnet named twice",
      {
        inputs: {
          subnetName: "s",
          vnetName: "v",
          subnetId: `/subscriptions/${subscription}/resourceGroups/r/providers/Microsoft.Network/virtualNetworks/v/subnets/s`,
        },
      },
      /subnetName: found 's'; give either subnetId or the names/,
    ],
    ["a prefix the services refuse", { inputs: { agentPrefix: "my_agent" } }, /agentPrefix: found 'my_agent'/],
    ["a prefix with a digit in front", { inputs: { agentPrefix: "1st" } }, /agentPrefix: found '1st'/],
    ["a prefix that is too long", { inputs: { agentPrefix: "a".repeat(41) } }, /agentPrefix: /],
    [
      "an image in capitals",
      { inputs: { imageName: "contoso.azurecr.io/Agent" } },
      /imageName: found 'contoso.azurecr.io\/Agent'/,
    ],
    [
      "an image of another registry",
      { inputs: { imageName: "docker.io/agent", containerRegistry: "acr" } },
      /containerRegistry is a connection to contoso.azurecr.io/,
    ],
    [
      "a reserved capability",
      { inputs: { capabilities: "EphemeralAgent.Run=5" } },
      /capabilities: found 'EphemeralAgent.Run'/,
    ],
    [
      "a capability without a value",
      { inputs: { capabilities: "terraform" } },
      /capabilities: found 'terraform'; one 'name=value' a line/,
    ],
    [
      "a capability with a space in its name",
      { inputs: { capabilities: "my tool=1" } },
      /capabilities: found 'my tool'/,
    ],
    [
      "Windows",
      { inputs: { osType: "Windows" } },
      /agentRegistration: found 'task'; allowed with osType Windows: container/,
    ],
    [
      "a yes for true",
      { inputs: { skipContainerDeletionOnError: "yes" } },
      /skipContainerDeletionOnError: found 'yes'; allowed: true, false/,
    ],
    [
      "a variable that a container gets to delete itself",
      { inputs: { selfDestruct: "true", secretEnvironmentVariables: "AZ_CLOUD=here" } },
      /secretEnvironmentVariables: line 1 .*with selfDestruct this task sets/,
    ],
    [
      "a resource group ending with a point",
      { inputs: { resourceGroupName: "rg." } },
      /resourceGroupName: found 'rg.'/,
    ],
    ["a region that is none", { inputs: { location: "west-europe!" } }, /location: found 'west-europe!'/],
    [
      "a connection that is not there",
      { inputs: { connectedServiceNameARM: "gone" } },
      /azureSubscription: found 'gone'; no such service connection/,
    ],
    [
      "a registry that is not there",
      { inputs: { containerRegistry: "gone" } },
      /containerRegistry: found 'gone'; no such service connection/,
    ],
    [
      "a connection without its key",
      {
        endpoints: { azure: rawEndpoint({ serviceprincipalid: "c", tenantid: "t" }, { subscriptionid: subscription }) },
      },
      /azureSubscription: .*has no service principal key/,
    ],
    [
      "a connection without a subscription",
      { endpoints: { azure: rawEndpoint({ serviceprincipalid: "c", serviceprincipalkey: "k", tenantid: "t" }) } },
      /azureSubscription: .*has no subscription id/,
    ],
    [
      "a scheme that is not known yet",
      { endpoints: { azure: rawEndpoint({}, { subscriptionid: subscription }, "PublishProfile") } },
      /azureSubscription: found 'PublishProfile'/,
    ],
    [
      "a registry connection without a password",
      {
        inputs: { containerRegistry: "docker", imageName: "agent" },
        endpoints: { docker: rawEndpoint({ registry: "r.example", username: "u" }, { registrytype: "Others" }) },
      },
      /containerRegistry: .*has no password/,
    ],
    [
      "a run outside a pipeline",
      { variables: { "Build.BuildId": undefined } },
      /\$\(Build.BuildId\): nothing was given/,
    ],
  ];
  for (const [what, parts, said] of refused) {
    it(`such as ${what} is refused`, () => assert.match(bad(parts), said));
  }

  it("never shows a secret", () => {
    const message = bad({ inputs: { azureDevOpsToken: "topsecret", CPU: "x" } });
    for (const secret of ["topsecret", "job-token", "secret'"]) assert.ok(!message.includes(secret));
  });
});
