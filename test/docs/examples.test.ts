// Every example of the documentation is one that the task takes: what a user copies works.
import assert from "node:assert/strict";
import { parseAllDocuments } from "yaml";
import { problemsError } from "../../EphemeralAgentTask/src/settings/input-problems.ts";
import { parse } from "../../EphemeralAgentTask/src/settings/parse-settings.ts";
import { rawEndpoint, rawTask, subscription } from "../in-memory/raw-inputs.ts";
import { taskManifest, textOf } from "../package/manifests.ts";

interface Example {
  readonly page: string;
  readonly line: number;
  readonly inputs: Readonly<Record<string, string>>;
}

type Mapping = Readonly<Record<string, unknown>>;

/** Inputs of every step of the task in a document, and of every template that makes one, wherever it stands. */
function stepsIn(node: unknown): Mapping[] {
  if (typeof node !== "object" || node === null) return [];
  if ("task" in node && node.task === "EphemeralAgent@1") return [("inputs" in node ? node.inputs : {}) as Mapping];
  if ("template" in node && "parameters" in node) {
    const { azureSubscription, agentPool, agent } = node.parameters as Mapping;
    return [{ action: "create", azureSubscription, agentPool, ...(agent as Mapping) }];
  }
  return Object.values(node).flatMap(stepsIn);
}

/** The inputs of a block that is to be pasted below others. */
function pasted(node: Mapping): Mapping[] {
  if (!Object.keys(node).every((name) => canonical.has(name))) return [];
  return [
    {
      action: "create",
      azureSubscription: "azure-private-deployments",
      resourceGroupName: "rg-ephemeral-agents",
      agentPool: "ephemeral-agents",
      imageName: "contoso.azurecr.io/azure-pipelines-agent:latest",
      ...("subnetName" in node ? {} : { subnetId }),
      ...node,
    },
  ];
}

function examplesOf(page: string): Example[] {
  const text = textOf(page);
  return [...text.matchAll(/^```yaml\n(.*?)^```$/gms)].flatMap((block) => {
    const [document, another] = parseAllDocuments(block[1] ?? "", { schema: "failsafe" });
    assert.ok(document && !another, `${page} has an example that is not one document`);
    assert.deepEqual(document.errors, [], page);
    const line = text.slice(0, block.index).split("\n").length;
    const content = document.toJS();
    const steps = page === "docs/inputs.md" ? pasted(content) : stepsIn(content);
    return steps.map((inputs) => ({ page, line, inputs: inputs as Example["inputs"] }));
  });
}

const subnetId = `/subscriptions/${subscription}/resourceGroups/rg-network/providers/Microsoft.Network/virtualNetworks/vnet-shop/subnets/snet-agents`;

/** What the variables of the examples hold. */
const variables: Readonly<Record<string, string>> = {
  agentSubnetId: subnetId,
  agentPoolPat: "abcdefghijklmnop",
  rootCertificate: "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----",
  proxyPassword: "secret",
  nugetToken: "secret",
  storageKey: "a2V5",
  logAnalyticsKey: "a2V5",
};

const endpoints = {
  "azure-private-deployments": rawEndpoint(
    { serviceprincipalid: "client", serviceprincipalkey: "key", tenantid: "tenant" },
    { subscriptionid: subscription },
  ),
  "agent-pool-administrator": rawEndpoint(
    { serviceprincipalid: "client", tenantid: "tenant" },
    {},
    "WorkloadIdentityFederation",
  ),
  "contoso-registry": rawEndpoint(
    { loginServer: "contoso.azurecr.io", serviceprincipalid: "puller", serviceprincipalkey: "key" },
    { registrytype: "ACR" },
  ),
};

const canonical = new Map(
  taskManifest.inputs.flatMap(({ name, aliases = [] }) => [name, ...aliases].map((one) => [one, name] as const)),
);

const expand = (text: string) => text.replace(/\$\((\w+)\)/g, (whole, name: string) => variables[name] ?? whole);

const examples = ["README.md", "docs/ways-in.md", "docs/shapes.md", "docs/inputs.md", "samples/README.md"].flatMap(
  examplesOf,
);

describe("The documentation's examples", () => {
  it("are found", () => {
    const pages = examples.map(({ page }) => page);
    assert.ok(pages.includes("README.md") && pages.filter((page) => page === "docs/ways-in.md").length > 5);
    assert.equal(pages.filter((page) => page === "docs/inputs.md").length, taskManifest.groups.length + 1);
  });

  for (const { page, line, inputs } of examples) {
    it(`name inputs that there are, with values that the task takes (${page}:${line}, ${inputs.action})`, () => {
      const unknown = Object.keys(inputs).filter((name) => !canonical.has(name));
      assert.deepEqual(unknown, []);
      const given = Object.entries(inputs).map(([name, value]) => [canonical.get(name), expand(value)]);
      const none = { connectedServiceNameARM: "", resourceGroupName: "", agentPool: "", imageName: "" };
      const parsed = parse(rawTask({ inputs: { ...none, ...Object.fromEntries(given) }, endpoints }));
      assert.ok("settings" in parsed, "problems" in parsed ? problemsError(parsed.problems).message : "");
    });
  }

  it("show every input at least once in a way in, but for those that every page explains", () => {
    const shown = new Set(examples.flatMap(({ inputs }) => Object.keys(inputs)).map((name) => canonical.get(name)));
    const text = textOf("docs/ways-in.md");
    const groups = new Set(["azureDevOps", "image", "network", "container", "proxy"]);
    const left = taskManifest.inputs
      .filter(({ name, groupName = "" }) => groups.has(groupName) && !shown.has(name) && !text.includes(`\`${name}`))
      .map(({ name }) => name);
    assert.deepEqual(left, []);
  });
});
