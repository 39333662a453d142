import assert from "node:assert/strict";
import { reader } from "../../../simulator/arm/authorization/built-in-roles.ts";
import { shippedRoles } from "../../../simulator/arm/authorization/shipped-roles.ts";
import { azureConnection } from "../../../simulator/pipeline-runner/service-connections/project-connections.ts";
import { type Simulator, startSimulator } from "../../../simulator/start-simulator.ts";
import { without } from "../../roles/rights.ts";
import { type Broken, namesEach } from "./broken.ts";
import { lookAt } from "./look.ts";
import { assertUntouched, inPerfect, perfect, subscriptionOf } from "./set-up.ts";

const service = "Microsoft.ContainerInstance/containerGroups";

/** The deployer's roles with an action less in one of them. */
function lacking(simulator: Simulator, action: string): undefined {
  const { arm, deployer, ready } = simulator;
  const principalId = deployer.objectId;
  const looking = arm.access.of(principalId).find(({ role }) => role.Name === "Checking") ?? assert.fail();
  arm.access.revoke(principalId);
  arm.access.assign(looking);
  const roles = shippedRoles(ready.subscriptionId);
  const group = `${subscriptionOf(simulator)}/resourceGroups/${ready.resourceGroup}`;
  arm.access.assign({ principalId, role: without(roles.containerGroups, action), scope: group });
  const network = ready.subnetId.replace(/\/subnets\/.*/, "");
  arm.access.assign({ principalId, role: without(roles.network, action), scope: network });
  return undefined;
}

const missingAction = (action: string, flaw: string): Broken => [
  `a role without ${action}`,
  (simulator) => lacking(simulator, action),
  flaw,
  new RegExp(`missing: ${action}\n.*\n.*az role assignment create --assignee-object-id \\S+ .*--scope /subscriptions/`),
];

const onGroup = "role actions on rg-ephemeral-agents";

const broken: readonly Broken[] = [
  [
    "a wrong secret",
    ({ ready }) => ({
      endpoints: [azureConnection("azure-private-deployments", { ...ready, clientSecret: "not-the-secret" })],
    }),
    "wrong Azure sign-in",
    /AADSTS7000215/,
  ],
  [
    "a provider that is not registered",
    ({ arm }) => void arm.providers.unregister("Microsoft.ContainerInstance"),
    "wrong provider Microsoft.ContainerInstance",
    /az provider register --namespace Microsoft.ContainerInstance/,
  ],
  [
    "a resource group that is not there",
    (simulator) => {
      const { arm, deployer } = simulator;
      arm.access.assign({ principalId: deployer.objectId, role: reader, scope: subscriptionOf(simulator) });
      return { inputs: { resourceGroupName: "rg-mistyped" } };
    },
    "wrong resource group rg-mistyped",
    /could not be found.*\n.*az group create .*--name rg-mistyped/,
  ],
  [
    "a quota that is used up",
    () => undefined,
    "wrong quota in westeurope",
    /0 of 0 container groups left/,
    { azure: { quota: { containerGroups: 0 } } },
  ],
  [
    "too few cores",
    () => ({ inputs: { CPU: "4" } }),
    "wrong quota in westeurope",
    /4 cores are needed, 2 are left/,
    { azure: { quota: { standardCores: 2 } } },
  ],
  [
    "a policy that wants a tag",
    (simulator) => {
      simulator.arm.policies.assign({
        displayName: "Require a tag on container groups",
        scope: subscriptionOf(simulator),
        conditions: [
          { field: "type", operator: "Equals", targetValue: service },
          { field: "tags[costCenter]", operator: "Exists", targetValue: "false" },
        ],
      });
    },
    "wrong policies on rg-ephemeral-agents",
    /requires a tag.*\n.*policyAssignments\/require-a-tag-on-container-groups.*costCenter=VALUE\n.*input tags/,
  ],
  [
    "a policy that does not allow the region",
    (simulator) => {
      simulator.arm.policies.assign({
        displayName: "Allowed locations",
        scope: `${subscriptionOf(simulator)}/resourceGroups/${simulator.ready.resourceGroup}`,
        conditions: [{ field: "location", operator: "NotIn", targetValue: ["northeurope", "swedencentral"] }],
      });
    },
    "wrong policies on rg-ephemeral-agents",
    /does not allow this region.*\n.*location 'westeurope' NotIn northeurope, swedencentral\n/,
  ],
  missingAction(`${service}/read`, `wrong ${onGroup}`),
  missingAction(`${service}/write`, `wrong ${onGroup}`),
  missingAction(`${service}/delete`, `wrong ${onGroup}`),
  missingAction(`${service}/stop/action`, `warning ${onGroup}`),
  missingAction(`${service}/containers/logs/read`, `warning ${onGroup}`),
  missingAction("Microsoft.Resources/subscriptions/resourceGroups/read", `warning ${onGroup}`),
  missingAction("Microsoft.Network/virtualNetworks/read", "wrong role actions on vnet-shop"),
  missingAction("Microsoft.Network/virtualNetworks/subnets/join/action", "wrong role actions on snet-agents"),
  [
    "an identity that may not be assigned",
    ({ pullIdentityId }) => ({ inputs: { userAssignedIdentities: pullIdentityId } }),
    "wrong role actions on id-agents",
    /userAssignedIdentities\/assign\/action/,
  ],
];

namesEach("Azure", broken);

describe("A check of a simulated Azure", () => {
  it("works with no more than the shipped roles, and names what it then does not see", async () => {
    for (const permissionsNeedRight of [true, false]) {
      const simulator = await startSimulator({ azure: { permissionsNeedRight } });
      try {
        perfect(simulator, { Name: "Nothing", Actions: [] });
        const report = await lookAt(simulator);
        assert.deepEqual(report.flaws, [], report.text);
        assert.equal(report.code, "succeeded");
        const told = report.of("not checked").join("\n");
        assert.match(told, /provider Microsoft.ContainerInstance/);
        assert.equal(/role actions on/.test(told), permissionsNeedRight, told);
        assertUntouched(simulator);
      } finally {
        await simulator.stop();
      }
    }
  });

  it("reads all pages of a list, from Azure Resource Manager alone", () =>
    inPerfect(async (simulator) => {
      const { faults, ready, requests } = simulator;
      const page = (nextLink: string) => ({
        status: 200,
        body: { value: [{ actions: ["*"], notActions: [] }], nextLink },
      });
      const path = "/next/permissions";
      faults.add({ site: "arm", path: /permissions\?/, times: 1, effect: page(`${ready.arm}${path}`) });
      faults.add({ site: "arm", path, effect: page(new URL(path, ready.organizationUrl).href) });
      const report = await lookAt(simulator);
      assert.deepEqual(report.flaws, [], report.text);
      const followed = requests.entries.filter(({ url }) => url.includes(path)).map(({ site }) => site);
      assert.deepEqual(followed, ["arm"]);
    }));

  it("sees everything with the command that it names: Reader in the subscription", async () => {
    const simulator = await startSimulator();
    try {
      perfect(simulator, reader);
      const report = await lookAt(simulator);
      assert.deepEqual(report.flaws, [], report.text);
    } finally {
      await simulator.stop();
    }
  });
});
