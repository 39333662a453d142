import assert from "node:assert/strict";
import { type RawParts, rawEndpoint, subscription } from "../in-memory/raw-inputs.ts";
import { bad } from "./parsed.ts";

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
      /capabilities: line 1 \(not shown\); one 'name=value' a line/,
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

  for (const input of ["tags", "capabilities", "fallbacks", "imageName", "agentPrefix"]) {
    it(`never shows a key that got into ${input}`, () => {
      const key = "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASC\nBKcwggSjAgEAAoIBAQDh5PkI06ae2MtV\n";
      const message = bad({ inputs: { [input]: `owner=${key}-----END PRIVATE KEY-----` } });
      assert.match(message, new RegExp(`- ${input}: .*not shown`));
      assert.doesNotMatch(message, /BEGIN|MII|BKc/);
    });
  }
});
