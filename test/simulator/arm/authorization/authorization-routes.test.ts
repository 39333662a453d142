import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { shippedRoles } from "../../../../simulator/arm/authorization/shipped-roles.ts";
import type { Ask } from "../../http/plain-request.ts";
import { apiVersion, errorOf, plainGroup, type Stand, startStand } from "../azure-fixture.ts";

const version = "api-version=2022-04-01";

interface Listed {
  readonly value: { readonly id: string; readonly name: string; readonly properties: Record<string, unknown> }[];
}

describe("roles over REST", () => {
  let stand: Stand;
  let subscription: string;
  before(async () => {
    stand = await startStand();
    subscription = `/subscriptions/${stand.arm.subscriptionId}`;
  });
  after(() => stand.stop());

  const at = (scope: string, what: string, query = "") =>
    `${scope}/providers/Microsoft.Authorization/${what}?${version}${query}`;
  const call = (path: string, options?: Ask) => stand.call(path, options, stand.administrator);
  const put = (path: string, properties: object) => call(path, { method: "PUT", body: { properties } });
  const list = async (scope: string, what: string, filter = "") => {
    const query = filter === "" ? "" : `&$filter=${encodeURIComponent(filter)}`;
    const answer = await call(at(scope, what, query));
    assert.equal(answer.status, 200, answer.text);
    return (answer.json() as Listed).value;
  };

  /** As the Azure CLI sends what it reads from a file. */
  const sent = (Name: string, Actions: readonly string[], scope = subscription) => ({
    roleName: Name,
    type: "CustomRole",
    description: "",
    assignableScopes: [scope],
    permissions: [{ actions: Actions, notActions: [], dataActions: [], notDataActions: [] }],
  });

  it("know the built-in ones under the ids that they have everywhere", async () => {
    const [found] = await list(subscription, "roleDefinitions", "roleName eq 'AcrPull'");
    assert.equal(found?.name, "7f951dda-4ed3-4680-a7ca-43fe172d538d");
    assert.deepEqual([found.properties.type, found.properties.assignableScopes], ["BuiltInRole", ["/"]]);
  });

  it("show the shipped ones, and who has them", async () => {
    const custom = await list(subscription, "roleDefinitions", "type eq 'CustomRole'");
    const { containerGroups, network } = shippedRoles(stand.arm.subscriptionId);
    assert.deepEqual(custom.map(({ properties }) => properties.roleName).sort(), [containerGroups.Name, network.Name]);
    const assigned = await list(stand.groupPath, "roleAssignments", `principalId eq '${stand.deployer.objectId}'`);
    const role = custom.find(({ properties }) => properties.roleName === containerGroups.Name);
    assert.deepEqual(
      assigned.map(({ properties }) => [properties.roleDefinitionId, properties.scope]),
      [[role?.id, stand.groupPath]],
    );
  });

  it("can be made, assigned, changed and taken away, each with its effect", async () => {
    const { appId, objectId } = stand.entra.directory.addServicePrincipal("newcomer");
    const secret = stand.entra.directory.addSecret(appId);
    const newcomer = Object.assign(stand.entra.directory.find(appId) ?? assert.fail(), { secret });
    const reads = async () => (await stand.call(`${stand.groupsPath}?${apiVersion}`, {}, newcomer)).status;
    const roleGuid = randomUUID();
    const action = "Microsoft.ContainerInstance/containerGroups/read";
    const made = await put(at(subscription, `roleDefinitions/${roleGuid}`), sent("Onlookers", [action]));
    assert.equal(made.status, 201, made.text);
    const { id: roleDefinitionId } = made.json() as { id: string };
    assert.equal(await reads(), 403);

    const assignment = at(stand.groupPath, `roleAssignments/${randomUUID()}`);
    const properties = { roleDefinitionId, principalId: objectId, principalType: "ServicePrincipal" };
    assert.equal((await put(assignment, properties)).status, 201);
    assert.equal(await reads(), 200);
    const twice = await put(at(stand.groupPath, `roleAssignments/${randomUUID()}`), properties);
    assert.deepEqual([twice.status, errorOf(twice).code], [409, "RoleAssignmentExists"]);
    const inUse = await call(at(subscription, `roleDefinitions/${roleGuid}`), { method: "DELETE" });
    assert.equal(errorOf(inUse).code, "RoleDefinitionHasAssignments");

    await put(at(subscription, `roleDefinitions/${roleGuid}`), sent("Onlookers", ["Microsoft.Network/*/read"]));
    assert.equal(await reads(), 403, "whoever has the role has its changed form");
    await put(at(subscription, `roleDefinitions/${roleGuid}`), sent("Onlookers", [action]));
    assert.equal(await reads(), 200);

    assert.equal((await call(assignment, { method: "DELETE" })).status, 200);
    assert.equal((await call(assignment, { method: "DELETE" })).status, 204);
    assert.equal(await reads(), 403);
    assert.equal((await call(at(subscription, `roleDefinitions/${roleGuid}`), { method: "DELETE" })).status, 200);
    assert.equal((await call(at(subscription, `roleDefinitions/${roleGuid}`))).status, 404);
    const named = `${at(subscription, "roleDefinitions")}&$filter=${encodeURIComponent("roleName eq 'Onlookers'")}`;
    assert.deepEqual((await call(named)).json(), { value: [] }, "showing it in the answer has not made it anew");
  });

  it("can be assigned on a single resource", async () => {
    const { subnetId } = stand;
    const { objectId } = stand.entra.directory.addManagedIdentity("on-a-subnet");
    const { network } = shippedRoles(stand.arm.subscriptionId);
    const [role] = await list(subscription, "roleDefinitions", `roleName eq '${network.Name}'`);
    const path = at(subnetId, `roleAssignments/${randomUUID()}`);
    assert.equal((await put(path, { roleDefinitionId: role?.id, principalId: objectId })).status, 201);
    const join = "Microsoft.Network/virtualNetworks/subnets/join/action";
    assert.ok(stand.arm.access.allows(objectId, join, subnetId));
    assert.ok(!stand.arm.access.allows(objectId, join, subnetId.replace("snet-agents", "snet-apps")));
    const above = await list(subnetId, "roleAssignments", `atScope()`);
    assert.ok(
      above.some(({ properties }) => properties.scope === subscription),
      "those above hold here as well",
    );
    const below = await list(subscription, "roleAssignments", `assignedTo('${objectId}')`);
    assert.deepEqual(
      below.map(({ properties }) => properties.scope),
      [subnetId],
    );
  });

  it("are refused as the service refuses them", async () => {
    const at_ = at(subscription, `roleDefinitions/${randomUUID()}`);
    const refusals: [string, Promise<{ text: string; json(): unknown }>][] = [
      ["RoleDefinitionWithSameNameExists", put(at_, sent("AcrPull", ["*/read"]))],
      ["InvalidActionOrNotAction", put(at_, sent("Odd", ["read everything"]))],
      ["LinkedInvalidAssignableScope", put(at_, sent("Nowhere", ["*/read"], "/subscriptions/SUBSCRIPTION_ID"))],
      ["InvalidRoleDefinition", put(at_, { roleName: "Empty", assignableScopes: [subscription] })],
      [
        "RoleDefinitionDoesNotExist",
        put(at(subscription, `roleAssignments/${randomUUID()}`), {
          roleDefinitionId: `${subscription}/providers/Microsoft.Authorization/roleDefinitions/${randomUUID()}`,
          principalId: stand.deployer.objectId,
        }),
      ],
      [
        "PrincipalNotFound",
        put(at(subscription, `roleAssignments/${randomUUID()}`), {
          roleDefinitionId: "7f951dda-4ed3-4680-a7ca-43fe172d538d",
          principalId: randomUUID(),
        }),
      ],
      ["InvalidFilter", call(at(subscription, "roleAssignments", "&$filter=anything"))],
    ];
    for (const [code, answer] of refusals) assert.equal(errorOf((await answer) as never).code, code);
  });

  it("take rights themselves", async () => {
    const denied = await stand.call(at(stand.groupPath, "roleAssignments"));
    assert.match(
      errorOf(denied).message,
      /action 'Microsoft\.Authorization\/roleAssignments\/read' over scope '[^']+\/rg-ephemeral-agents'/,
    );
  });

  it("tell a caller what it may do somewhere, once it may ask", async () => {
    const denied = await stand.call(at(stand.groupPath, "permissions"));
    assert.match(errorOf(denied).message, /action 'Microsoft\.Authorization\/permissions\/read'/);
    const other = await startStand({ permissionsNeedRight: false });
    try {
      const { containerGroups, network } = shippedRoles(other.arm.subscriptionId);
      const permissions = async (scope: string) =>
        ((await other.call(at(scope, "permissions"))).json() as { value: { actions: string[] }[] }).value;
      const onGroup = await permissions(other.groupPath);
      assert.deepEqual(
        onGroup.map(({ actions }) => actions),
        [containerGroups.Actions],
      );
      const onSubnet = await permissions(other.subnetId);
      assert.deepEqual(
        onSubnet.map(({ actions }) => actions),
        [network.Actions],
      );
      assert.deepEqual(await permissions(`/subscriptions/${other.arm.subscriptionId}`), []);
    } finally {
      await other.stop();
    }
  });
});

describe("what a region and a network have left", () => {
  let stand: Stand;
  before(async () => {
    stand = await startStand({ creations: { per5Minutes: 100, perHour: 300 } });
  });
  after(() => stand.stop());

  it("is told in usages, which container groups use up", async () => {
    const path = `/subscriptions/${stand.arm.subscriptionId}/providers/Microsoft.ContainerInstance/locations/West%20Europe`;
    const usage = async (name: string) => {
      const { value } = (await stand.call(`${path}/usages?${apiVersion}`, {}, stand.administrator)).json() as {
        value: { name: { value: string }; currentValue: number; limit: number }[];
      };
      const found = value.find((each) => each.name.value === name);
      return [found?.currentValue, found?.limit];
    };
    const network = `${stand.subnetId.replace(/\/subnets\/.*/, "")}/usages?api-version=2023-09-01`;
    const addresses = async () => {
      const { value } = (await stand.call(network, {}, stand.administrator)).json() as {
        value: { id: string; currentValue: number; limit: number }[];
      };
      const found = value.find(({ id }) => id === stand.subnetId);
      return [found?.currentValue, found?.limit];
    };
    assert.deepEqual(
      [await usage("ContainerGroups"), await usage("StandardCores"), await addresses()],
      [
        [0, 100],
        [0, 100],
        [0, 251],
      ],
    );
    const resources = { requests: { cpu: 2, memoryInGB: 4 } };
    assert.equal((await stand.put("using", plainGroup(stand, {}, { resources }))).status, 201);
    assert.deepEqual(
      [await usage("ContainerGroups"), await usage("StandardCores"), await addresses()],
      [
        [1, 100],
        [2, 100],
        [1, 251],
      ],
    );
    assert.match((await stand.call(`${path}/capabilities?${apiVersion}`, {}, stand.administrator)).text, /"maxCpu":31/);
    const denied = await stand.call(`${path}/usages?${apiVersion}`);
    assert.match(errorOf(denied).message, /action 'Microsoft\.ContainerInstance\/locations\/usages\/read'/);
  });

  it("is counted down with every creation, in five minutes and in an hour", async () => {
    const { headers } = await stand.put("counted", plainGroup(stand));
    const left = (window: string) =>
      Number(headers[`x-ms-ratelimit-remaining-subscription-resource-requests-${window}`]);
    assert.equal(left("pt1h") - left("pt5m"), 200);
    assert.ok(left("pt5m") < 100 && left("pt5m") > 90);
  });
});
