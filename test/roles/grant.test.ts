import assert from "node:assert/strict";
import { toTaskError } from "../../EphemeralAgentTask/src/errors/mapping/error-mapping.ts";
import { grantCommands } from "../../EphemeralAgentTask/src/errors/mapping/fix-commands.ts";
import { ServiceFault } from "../../EphemeralAgentTask/src/ports.ts";

const group = "/subscriptions/s/resourceGroups/rg";
const assign = "az role assignment create --assignee-object-id oid --assignee-principal-type ServicePrincipal";
const denied = (action: string, scope: string) =>
  `The client 'app' with object id 'oid' does not have authorization to perform action '${action}' over scope '${scope}' or the scope is invalid. If access was recently granted, please refresh your credentials.`;
const linked = (actions: string, scopes: string) =>
  `The client 'app' with object id 'oid' has permission to perform action 'Microsoft.ContainerInstance/containerGroups/write' on scope '${group}/providers/Microsoft.ContainerInstance/containerGroups/a'; however, it does not have permission to perform action(s) '${actions}' on the linked scope(s) '${scopes}' (respectively) or the linked scope(s) are invalid.`;

describe("the command that grants what is missing", () => {
  it("assigns the shipped role on the resource group, whatever is below it", () => {
    const scope = `${group}/providers/Microsoft.ContainerInstance/containerGroups/a`;
    assert.deepEqual(grantCommands(denied("Microsoft.ContainerInstance/containerGroups/delete", scope)), [
      `${assign} --role "Ephemeral Agents Container Groups" --scope ${group}`,
    ]);
  });

  it("names one for each linked resource, and the same one only once", () => {
    const vnet = `${group}/providers/Microsoft.Network/virtualNetworks/vnet`;
    const identity = `${group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/puller`;
    const join = "Microsoft.Network/virtualNetworks/subnets/join/action";
    const use = "Microsoft.ManagedIdentity/userAssignedIdentities/assign/action";
    const scopes = [`${vnet}/subnets/a`, identity, `${vnet}/subnets/b`].join(",");
    assert.deepEqual(grantCommands(linked([join, use, join].join(","), scopes)), [
      `${assign} --role "Ephemeral Agents Network" --scope ${vnet}`,
      `${assign} --role "Managed Identity Operator" --scope ${identity}`,
    ]);
  });

  it("leaves the role open for an action that no shipped role has", () => {
    const storage = `${group}/providers/Microsoft.Storage/storageAccounts/a`;
    assert.deepEqual(grantCommands(denied("Microsoft.Storage/storageAccounts/read", storage)), [
      `${assign} --role "<a role with Microsoft.Storage/storageAccounts/read>" --scope ${storage}`,
    ]);
  });

  it("is not made up when Azure does not say what is missing", () => {
    const error = toTaskError(new ServiceFault("Azure", "Forbidden", "No.", { status: 403 }));
    assert.ok(error instanceof Error);
    assert.match(error.message, /Forbidden: No\. \(HTTP 403\)/);
    assert.doesNotMatch(error.message, /Grant it/);
  });
});
