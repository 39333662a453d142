import assert from "node:assert/strict";
import {
  allows,
  needsOfGroup,
  needsOfNetwork,
  needsOfSubnet,
} from "../../EphemeralAgentTask/src/checks/azure/role-permissions.ts";
import { settings } from "../in-memory/valid-settings.ts";
import { forbidden, placement, principal, type RoleName, Setup, shipped, without } from "./healthy-setup.ts";

const checked = { ...settings(), besideRun: false, addPlaceholder: false };
const actions = (needs: readonly { readonly action: string }[]) => needs.map(({ action }) => action).toSorted();

describe("The actions that a check looks for", () => {
  it("are those of the shipped roles, no more and no fewer", () => {
    assert.deepEqual(actions(needsOfGroup(checked)), shipped("container-groups").actions.toSorted());
    assert.deepEqual(actions([...needsOfNetwork, ...needsOfSubnet]), shipped("network").actions.toSorted());
  });

  it("are allowed by wildcards, whatever the case", () => {
    const role = { actions: ["microsoft.network/*"], notActions: [] };
    assert.ok(allows([role], "Microsoft.Network/virtualNetworks/subnets/join/action"));
    assert.ok(!allows([role], "Microsoft.NetworkAnalytics/read"));
    const operator = { actions: ["Microsoft.ManagedIdentity/userAssignedIdentities/*/assign/action"], notActions: [] };
    assert.ok(allows([operator], "Microsoft.ManagedIdentity/userAssignedIdentities/assign/action"));
    assert.ok(allows([{ actions: ["*/read"], notActions: [] }], "Microsoft.Network/virtualNetworks/read"));
  });

  it("are not allowed by a role that takes them out again, unless another role has them", () => {
    const most = { actions: ["*"], notActions: ["Microsoft.Network/*/join/action"] };
    const join = "Microsoft.Network/virtualNetworks/subnets/join/action";
    assert.ok(!allows([most], join));
    assert.ok(allows([most, { actions: [join], notActions: [] }], join));
  });
});

describe("A check of role actions", () => {
  const aci = "Microsoft.ContainerInstance/containerGroups";
  const groupRead = "Microsoft.Resources/subscriptions/resourceGroups/read";
  const group = "/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/rg-agents";
  const network = placement.subnetId.replace(/\/subnets\/.*/, "");

  const missing: readonly [role: RoleName, scope: string, action: string, flaw: string][] = [
    ["container-groups", "/rg-agents", `${aci}/read`, "wrong role actions on rg-agents"],
    ["container-groups", "/rg-agents", `${aci}/write`, "wrong role actions on rg-agents"],
    ["container-groups", "/rg-agents", `${aci}/delete`, "wrong role actions on rg-agents"],
    ["container-groups", "/rg-agents", `${aci}/containers/logs/read`, "warning role actions on rg-agents"],
    ["container-groups", "/rg-agents", `${aci}/stop/action`, "warning role actions on rg-agents"],
    ["container-groups", "/rg-agents", groupRead, "warning role actions on rg-agents"],
    ["network", "/vnet", "Microsoft.Network/virtualNetworks/read", "wrong role actions on vnet"],
    ["network", "/agents", "Microsoft.Network/virtualNetworks/subnets/join/action", "wrong role actions on agents"],
  ];
  for (const [role, scope, action, flaw] of missing) {
    it(`names ${action}, which is missing, with the command that grants it`, async () => {
      const setup = new Setup();
      setup.roles[scope] = [without(shipped(role), action)];
      // Azure refuses the reads that the action is for.
      if (action === groupRead) setup.azure.resourceGroup = async () => Promise.reject(forbidden(action));
      if (scope === "/vnet") setup.azure.virtualNetwork = async () => Promise.reject(forbidden(action));
      const report = await setup.check();
      assert.deepEqual(report.flaws, [flaw], report.text);
      const told = report.flaw(flaw.replace(/^\w+ /, ""));
      assert.ok(told.includes(`missing: ${action}\n`), told);
      const where = role === "network" ? network : group;
      const name = role === "network" ? "Ephemeral Agents Network" : "Ephemeral Agents Container Groups";
      assert.ok(told.includes(`--assignee-object-id ${principal} `), told);
      assert.ok(told.includes(`--role "${name}" --scope ${where} `), told);
    });
  }

  it("finds it wrong that a group cannot be stopped only where one is to be kept", async () => {
    const setup = new Setup();
    setup.roles["/rg-agents"] = [without(shipped("container-groups"), `${aci}/stop/action`)];
    setup.inputs = { keepOnError: true };
    assert.deepEqual((await setup.check()).flaws, ["wrong role actions on rg-agents"]);
  });

  it("finds it wrong that the region cannot be read only where that decides", async () => {
    const setup = new Setup();
    setup.roles["/rg-agents"] = [without(shipped("container-groups"), groupRead)];
    setup.azure.resourceGroup = async () => Promise.reject(forbidden(groupRead));
    setup.inputs = { placements: [{ cpu: 1, memoryInGB: 2 }] };
    assert.deepEqual((await setup.check()).flaws, ["wrong role actions on rg-agents", "warning virtual network"]);
  });

  it("names all that is missing where no role is assigned, in one line", async () => {
    const setup = new Setup();
    setup.roles["/rg-agents"] = [];
    const report = await setup.check();
    assert.deepEqual(report.flaws, ["wrong role actions on rg-agents"]);
    for (const action of shipped("container-groups").actions) assert.ok(report.text.includes(action), action);
  });

  it("looks for the right to assign each identity that the containers get", async () => {
    const id = `${group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-agents`;
    const setup = new Setup();
    setup.inputs = { container: { ...checked.container, identityIds: [id] } };
    assert.deepEqual((await setup.check()).flaws, []);
    const other = new Setup();
    other.inputs = { ...setup.inputs };
    other.roles["/id-agents"] = [];
    const report = await other.check();
    assert.deepEqual(report.flaws, ["wrong role actions on id-agents"]);
    assert.match(report.flaw("role actions on id-agents"), /userAssignedIdentities\/assign\/action/);
    assert.ok(report.text.includes(`--role "Managed Identity Operator" --scope ${id}`), report.text);
  });
});
