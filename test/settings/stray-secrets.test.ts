// A secret that got into an input that is for none.
import assert from "node:assert/strict";
import { holdsSecret } from "../../EphemeralAgentTask/src/settings/text/secret-text.ts";
import { bad } from "./parsed.ts";

/** Two lines of a key without its header, and what is left for the third. */
const body = [
  "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQDh5PkI06ae2MtVx8Qq3pT7",
  "Wn0yB4bC+LrJ1uV9fK2eXaH6sZ/oGdN5iTtRm8UwEYv3QjPlSkM7hO4cFgDzAx2B1qI0yWvE",
  "n9RtKx3+Lb5QzA2fGhUw==",
];
const workspace = "11111111-1111-1111-1111-111111111111";

const strays: [what: string, inputs: Record<string, string>, hidden: string | readonly string[], said: RegExp][] = [
  [
    "a key among capabilities",
    { capabilities: `SSH_KEY=${body.join("\n")}` },
    body,
    /capabilities: line 2 \(not shown\)/,
  ],
  ["a key among tags", { tags: `team=x\n${body.join("\n")}` }, body, /tags: line 2 \(not shown\)/],
  ["the end of a key as a capability", { capabilities: `my tool=1\n${body[2]}` }, body, /capabilities: line 2 \(/],
  [
    "a login in front of an image",
    { imageName: "https://user:S3cretPassw0rd@contoso.azurecr.io/agent:1" },
    "S3cret",
    /imageName: found '\(not shown\)'/,
  ],
  [
    "a login without a scheme",
    { imageName: "user:S3cretPassw0rd@contoso.azurecr.io/Agent" },
    "S3cret",
    /imageName: found '\(not shown\)'/,
  ],
  [
    "the key of a workspace in place of its id",
    { logAnalyticsWorkspaceId: "c2hvcnQ=", logAnalyticsWorkspaceKey: workspace },
    "c2hvcnQ",
    /logAnalyticsWorkspaceId: found '\(not shown\)'; allowed: the workspace's id, a GUID/,
  ],
  [
    "base64 in place of a connection",
    { containerRegistry: "dXNlcjpQYXNzdzByZFBhc3N3MHJkUGFzc3cwcmQ5Tm93" },
    "dXNlcjp",
    /containerRegistry: found '\(not shown\)'/,
  ],
  [
    "a token in place of a pool",
    { agentPool: `a\n${"k7xq2m".repeat(8)}abcd` },
    "k7xq2m",
    /agentPool: found '\(not shown\)'/,
  ],
];

describe("A secret in an input that is for none", () => {
  for (const [what, inputs, hidden, said] of strays)
    it(`is not quoted: ${what}`, () => {
      const message = bad({ inputs });
      for (const piece of [hidden].flat()) assert.ok(!message.includes(piece), message);
      assert.match(message, said);
    });

  for (const ordinary of [
    "/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/rg-Agents-01/providers/Microsoft.Network/virtualNetworks/Vnet1/subnets/Agents01",
    "/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/MC_Shop_West2/providers/Microsoft.ManagedIdentity/userAssignedIdentities/AgentsOfShop01",
    "rg-MyApp-Dev-Weu-01-vnet-02-Snet-03-Agents-04",
    "Production-West-Europe-Build-Agents-Pool-Number-001",
    "contoso.azurecr.io:443/agent:1@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
    workspace,
    "a".repeat(60),
    "someone@contoso.com",
    "10.0.0.4",
  ])
    it(`is not taken for one: ${ordinary.slice(0, 70)}`, () => assert.ok(!holdsSecret(ordinary)));
});
