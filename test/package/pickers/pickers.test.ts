// The lists of the editor, filled from the simulated services.
import assert from "node:assert/strict";
import { problemsError } from "../../../EphemeralAgentTask/src/settings/input-problems.ts";
import { parse } from "../../../EphemeralAgentTask/src/settings/parse-settings.ts";
import type { DataSourceBinding } from "../../../scripts/build/task-manifest.ts";
import { azureConnection } from "../../../simulator/pipeline-runner/service-connections/project-connections.ts";
import { type Simulator, startSimulator } from "../../../simulator/start-simulator.ts";
import { rawEndpoint, rawTask } from "../../in-memory/raw-inputs.ts";
import { armToken } from "../../task/scenario/manual-changes.ts";
import { taskManifest } from "../manifests.ts";
import { type Choice, type Editor, listOf } from "./choices.ts";
import { select } from "./json-path.ts";
import { fill } from "./template.ts";

type Inputs = Readonly<Record<string, string>>;

/** Somebody who may read everything, and the least that the product needs. */
type Who = "administrator" | "deployer";

async function connection(simulator: Simulator, who: Who) {
  const { ready } = simulator;
  const [clientId, clientSecret] =
    who === "deployer"
      ? [ready.clientId, ready.clientSecret]
      : [ready.administratorClientId, ready.administratorClientSecret];
  const endpoint = azureConnection(who, { ...ready, clientId, clientSecret });
  return { endpoint, token: await armToken(simulator, who) };
}

const bindingOf = (target: string): DataSourceBinding => {
  const found = taskManifest.dataSourceBindings.find((one) => one.target === target);
  assert.ok(found, `${target} has no list`);
  return found;
};

const plain = (...values: string[]): Choice[] => values.map((value) => ({ Value: value, DisplayValue: value }));

describe("The editor's lists", () => {
  let simulator: Simulator;
  let identityId: string;
  const workspaceId = "11111111-2222-3333-4444-555555555555";
  const editors = new Map<Who, Editor>();
  const list = async (target: string, inputs: Inputs = {}, who: Who = "administrator") => {
    const editor = editors.get(who);
    assert.ok(editor);
    return listOf(bindingOf(target), { ...editor, inputs: { ...editor.inputs, ...inputs } });
  };

  before(async () => {
    simulator = await startSimulator({ organization: { pools: ["ephemeral-agents", "windows"] } });
    const { ready, caFile, organization } = simulator;
    const group = `/subscriptions/${ready.subscriptionId}/resourceGroups/${ready.resourceGroup}`;
    identityId = `${group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-shop-deploy`;
    const { location } = ready;
    simulator.arm.resources.put(identityId, { location, properties: {} });
    simulator.standbyPool();
    const workspace = `${group}/providers/Microsoft.OperationalInsights/workspaces/log-shop`;
    simulator.arm.resources.put(workspace, { location, properties: { customerId: workspaceId } });
    const subnets = [{ name: "snet-beside", properties: { addressPrefix: "10.30.1.0/24" } }];
    const properties = { addressSpace: { addressPrefixes: ["10.30.0.0/16"] }, subnets };
    simulator.arm.virtualNetworks.put(ready.resourceGroup, "vnet-beside", { location, properties });
    for (const who of ["administrator", "deployer"] as const) {
      editors.set(who, {
        caFile,
        organization: { url: organization.url, token: organization.pat },
        connections: { [who]: await connection(simulator, who) },
        inputs: { connectedServiceNameARM: who, resourceGroupName: ready.resourceGroup, vnetResourceGroupName: "" },
      });
    }
  });
  after(() => simulator.stop());

  const network = { vnetResourceGroupName: "rg-network", vnetName: "vnet-shop" };
  const own = () => `${simulator.registry.server}/azure-pipelines-agent:latest`;

  /** For each list what is filled in before, and choices that it must offer; `only` when there may be no others. */
  const expected: Readonly<Record<string, () => { wanted: readonly Choice[]; inputs?: Inputs; only?: true }>> = {
    resourceGroupName: () => ({ wanted: plain("rg-ephemeral-agents", "rg-network") }),
    agentPool: () => ({ wanted: plain("ephemeral-agents", "windows"), only: true }),
    imageName: () => ({ wanted: plain(own()) }),
    registryIdentity: () => ({ wanted: [{ Value: identityId, DisplayValue: "id-shop-deploy" }] }),
    location: () => ({ wanted: [{ Value: "westeurope", DisplayValue: "West Europe" }] }),
    vnetResourceGroupName: () => ({ wanted: plain("rg-network") }),
    vnetName: () => ({
      inputs: { vnetResourceGroupName: "rg-network" },
      wanted: [{ Value: "vnet-shop", DisplayValue: "vnet-shop (westeurope)" }],
      only: true,
    }),
    subnetName: () => ({ inputs: network, wanted: plain("snet-agents", "snet-apps"), only: true }),
    userAssignedIdentities: () => ({ wanted: [{ Value: identityId, DisplayValue: "id-shop-deploy" }] }),
    standbyPool: () => ({ wanted: plain("agents"), only: true }),
    logAnalyticsWorkspaceId: () => ({ wanted: [{ Value: workspaceId, DisplayValue: "log-shop" }], only: true }),
  };

  it("are all looked at here", () => {
    const targets = taskManifest.dataSourceBindings.map(({ target }) => target);
    assert.deepEqual(Object.keys(expected).toSorted(), targets.toSorted());
  });

  for (const [target, of] of Object.entries(expected)) {
    it(`offer for ${target} what there is, in a form that the task takes`, async () => {
      const { wanted, inputs = {}, only } = of();
      const { status, choices } = await list(target, inputs);
      assert.equal(status, 200);
      const found = wanted.map(({ Value }) => choices.find((choice) => choice.Value === Value));
      assert.deepEqual(only ? choices : found, wanted);
      for (const { Value } of choices) assertTaken(target, Value);
    });
  }

  it("look for networks in the container groups' resource group when no other is named, as the task does", async () => {
    const networks = await list("vnetName");
    assert.deepEqual(networks.choices, [{ Value: "vnet-beside", DisplayValue: "vnet-beside (westeurope)" }]);
    const subnets = await list("subnetName", { vnetName: "vnet-beside" });
    assert.deepEqual(subnets.choices, plain("snet-beside"));
  });

  it("show what the shipped roles let a connection read, and leave the rest to be typed", async () => {
    const status = async (target: string, inputs = {}) => (await list(target, inputs, "deployer")).status;
    assert.deepEqual((await list("resourceGroupName", {}, "deployer")).choices, plain("rg-ephemeral-agents"));
    assert.ok((await list("location", {}, "deployer")).choices.length > 0);
    assert.deepEqual((await list("subnetName", network, "deployer")).choices, plain("snet-agents", "snet-apps"));
    for (const target of ["imageName", "registryIdentity", "userAssignedIdentities", "logAnalyticsWorkspaceId"])
      assert.equal(await status(target), 403, target);
    assert.equal(await status("vnetName", { vnetResourceGroupName: "rg-network" }), 403);
  });

  it("are empty where nothing is found, and no failure", async () => {
    const nowhere = await list("subnetName", { ...network, vnetName: "gone" });
    assert.deepEqual(nowhere, { status: 404, choices: [] });
  });
});

/** The task takes the choice as it is. */
function assertTaken(input: string, value: string): void {
  const beside = { vnetName: "v", subnetName: "s", logAnalyticsWorkspaceKey: "a2V5", imageName: "r.azurecr.io/a" };
  const inputs = input === "logAnalyticsWorkspaceId" ? beside : { ...beside, logAnalyticsWorkspaceKey: "" };
  const parsed = parse(rawTask({ inputs: { ...inputs, [input]: value }, endpoints: { none: rawEndpoint({}) } }));
  assert.ok("settings" in parsed, "problems" in parsed ? problemsError(parsed.problems).message : "");
}

describe("The template language of lists", () => {
  it("puts values in, escaped unless it has three braces", () => {
    assert.equal(fill("{{a}} {{{a}}} {{{b.C}}}", { A: "x&y", b: { c: 1 } }), "x&amp;y x&y 1");
  });

  it("chooses", () => {
    const template = "{{#if a}}{{{a}}}{{else}}{{{b}}}{{/if}}/{{#if c}}c{{/if}}";
    assert.equal(fill(template, { a: "1", b: "2" }), "1/");
    assert.equal(fill(template, { a: "", b: "2", c: "x" }), "2/c");
  });

  it("is refused where it asks for what there is not, or is more than is known", () => {
    assert.throws(() => fill("{{{nothing}}}", {}), /asks for 'nothing'/);
    assert.throws(() => fill("{{#each a}}x{{/each}}", { a: "1" }), /not known here/);
  });

  it("has paths over the answer", () => {
    const document = {
      value: [
        { n: 1, h: true },
        { n: 2, h: false },
        { n: 3, k: "a" },
      ],
    };
    assert.deepEqual(select("jsonpath:$.value[*].n", document), [1, 2, 3]);
    assert.deepEqual(select("jsonpath:$.value[?(@.h==false)].n", document), [2]);
    assert.deepEqual(select("jsonpath:$.value[?(@.k=='a')].n", document), [3]);
    assert.deepEqual(select("jsonpath:$.nothing[*]", document), []);
    assert.throws(() => select("jsonpath:$..n", document), /not known here/);
    assert.throws(() => select("$.value", document), /no JSONPath/);
  });
});
